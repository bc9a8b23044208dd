package dev.weir.core.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weir.core.config.Document;
import dev.weir.core.store.ConfigStore.Appended;
import dev.weir.core.store.ConfigStore.Stored;
import dev.weir.core.store.StoreNotice.Kind;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileConfigStoreTest {
  @TempDir Path temp;

  private final List<StoreNotice> notices = new ArrayList<>();

  private FileConfigStore open() throws IOException {
    return FileConfigStore.open(temp.resolve("a/state"), notices::add);
  }

  @Test
  void anEmptyFolderHoldsNothing() throws IOException {
    try (FileConfigStore store = open()) {
      assertThat(store.load()).isEmpty();
    }
    assertThat(notices).isEmpty();
  }

  @Test
  void whatWasAppendedIsThereAfterReopening() throws IOException {
    try (FileConfigStore store = open()) {
      assertThat(store.append(0, History.first("{'pools':{'web':{'retries':1}}}")))
          .isEqualTo(new Appended.Ok(1));
      assertThat(store.append(1, History.change("{'pools':{'web':{'retries':2}}}")))
          .isEqualTo(new Appended.Ok(2));
    }
    try (FileConfigStore store = open()) {
      Stored stored = store.load().orElseThrow();
      assertThat(stored.generation()).isEqualTo(2);
      assertThat(stored.base().tree()).isEqualTo(History.json("{'pools':{'web':{'retries':1}}}"));
      assertThat(stored.effective().tree())
          .isEqualTo(History.json("{'pools':{'web':{'retries':2}}}"));
    }
    assertThat(notices).isEmpty();
  }

  @Test
  void anAppendAgainstAnotherGenerationIsAConflictAndChangesNothing() throws IOException {
    try (FileConfigStore store = open()) {
      assertThat(store.append(1, History.first("{}"))).isEqualTo(new Appended.Conflict(0));
      store.append(0, History.first("{}"));
      assertThat(store.append(0, History.change("{'a':1}"))).isEqualTo(new Appended.Conflict(1));
      assertThat(store.load().orElseThrow().effective()).isEqualTo(Document.empty());
    }
  }

  @Test
  void aChangeThatMakesNoSenseIsRefused() throws IOException {
    try (FileConfigStore store = open()) {
      assertThatThrownBy(() -> store.append(0, History.change("{'a':1}")))
          .hasMessageContaining("must bring a base");
      store.append(0, History.first("{}"));
      assertThatThrownBy(() -> store.append(1, History.change("[1]")))
          .hasMessageContaining("must be an object");
      assertThat(store.append(1, History.change("{'a':1}"))).isEqualTo(new Appended.Ok(2));
    }
  }

  @Test
  void folderAndFilesAreForTheOwnerOnly() throws IOException {
    try (FileConfigStore store = open()) {
      store.append(0, History.first("{}"));
    }
    Path folder = temp.resolve("a/state");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(folder)))
        .isEqualTo("rwx------");
    for (String name : List.of("config.log", "config.lock")) {
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(folder.resolve(name))))
          .isEqualTo("rw-------");
    }
  }

  @Test
  void aFolderIsOpenOnceInAProcess() throws IOException {
    try (FileConfigStore store = open()) {
      assertThat(store.load()).isEmpty();
      assertThatThrownBy(this::open).hasMessageContaining("is open in this process");
    }
    open().close();
  }

  @Test
  void anotherProcessIsToldWhoHasTheFolder() throws Exception {
    try (FileConfigStore store = open()) {
      store.append(0, History.first("{}"));
      Path folder = temp.resolve("a/state");
      Process other =
          new ProcessBuilder(
                  Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                  "-cp",
                  System.getProperty("java.class.path"),
                  OtherProcess.class.getName(),
                  folder.toString())
              .redirectErrorStream(true)
              .start();
      String said = new String(other.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      assertThat(other.waitFor(60, TimeUnit.SECONDS)).isTrue();
      assertThat(said)
          .contains(
              "the state folder "
                  + folder
                  + " is in use by another process, number "
                  + ProcessHandle.current().pid());
    }
  }

  /** Tries to open a store and prints what it is told. */
  static final class OtherProcess {
    private OtherProcess() {}

    /** Started by the test. */
    public static void main(String[] arguments) {
      try {
        FileConfigStore.open(new File(arguments[0]).toPath(), notice -> {}).close();
        System.out.println("opened");
      } catch (IOException e) {
        System.out.println(e.getMessage());
      }
    }
  }

  @Test
  void aLongLogIsRewrittenAndLosesNothing() throws IOException {
    History history = new History();
    MemoryDisk disk = new MemoryDisk();
    int longest = 0;
    try (FileConfigStore store = history.open(disk, 2_000)) {
      for (int i = 0; i < 500; i++) {
        history.append(store);
        longest = Math.max(longest, disk.bytes(History.LOG).length);
      }
    }
    assertThat(longest).isBetween(1_000, 3_000);
    try (FileConfigStore store = history.open(disk, 2_000)) {
      assertThat(store.load().orElseThrow().generation()).isEqualTo(500);
      assertThat(store.load().orElseThrow().effective().tree()).isEqualTo(history.tree(500));
    }
    assertThat(history.notices()).isEmpty();
  }

  @Test
  void aFullDiskRefusesAChangeAndTakesTheNextWhenThereIsSpaceAgain() throws IOException {
    History history = new History();
    MemoryDisk disk = new MemoryDisk();
    try (FileConfigStore store = history.open(disk, 1_000_000)) {
      history.append(store);
      byte[] before = disk.bytes(History.LOG);
      disk.failing(disk.operations(), MemoryDisk.Fault.FAIL, 0.5);
      assertThatThrownBy(() -> history.append(store)).hasMessage("No space left on device");
      assertThat(disk.bytes(History.LOG)).isEqualTo(before);
      assertThat(store.load().orElseThrow().generation()).isEqualTo(1);
      history.append(store);
      assertThat(store.load().orElseThrow().generation()).isEqualTo(2);
    }
    assertThat(history.notices()).isEmpty();
  }

  @Test
  void afterAFailedSyncNothingIsStoredUntilARestart() throws IOException {
    History history = new History();
    MemoryDisk disk = new MemoryDisk();
    try (FileConfigStore store = history.open(disk, 1_000_000)) {
      history.append(store);
      disk.failing(disk.operations() + 1, MemoryDisk.Fault.FAIL, 0);
      assertThatThrownBy(() -> history.append(store)).isInstanceOf(IOException.class);
      assertThatThrownBy(() -> history.append(store))
          .hasMessageStartingWith("nothing can be stored until a restart: ");
      assertThat(store.load().orElseThrow().generation()).isEqualTo(1);
    }
    assertThat(history.notices()).extracting(StoreNotice::kind).containsExactly(Kind.READ_ONLY);
    try (FileConfigStore store = history.open(disk.asSeen(), 1_000_000)) {
      history.append(store);
      assertThat(store.load().orElseThrow().generation()).isEqualTo(2);
    }
  }

  @Test
  void aLogOfANewerVersionIsRefusedAndLeftAlone() throws IOException {
    History history = new History();
    MemoryDisk disk = new MemoryDisk();
    try (FileConfigStore store = history.open(disk, 1_000)) {
      history.append(store);
    }
    byte[] log = disk.bytes(History.LOG);
    java.nio.ByteBuffer header = java.nio.ByteBuffer.wrap(log).putInt(8, 2);
    java.util.zip.CRC32C crc = new java.util.zip.CRC32C();
    crc.update(log, 0, 12);
    header.putInt(12, (int) crc.getValue());
    MemoryDisk newer = MemoryDisk.holding(History.LOG, log);
    assertThatThrownBy(() -> history.open(newer, 1_000))
        .hasMessageContaining("was written by a newer version of this program (format 2)");
    assertThat(newer.bytes(History.LOG)).isEqualTo(log);
  }

  @Test
  void aFolderThatCannotBeUsedIsToldInASentence() throws IOException {
    Path file = Files.createFile(temp.resolve("file"));
    assertThatThrownBy(() -> FileConfigStore.open(file, notices::add))
        .hasMessage(file + " is not a folder");
    assertThatThrownBy(() -> FileConfigStore.open(file.resolve("state"), notices::add))
        .hasMessage(file + " is not a folder");
    assertThatThrownBy(() -> FileConfigStore.open(Path.of("/proc/state"), notices::add))
        .hasMessageStartingWith("the state folder /proc/state cannot be used: ");
  }

  @Test
  void aClosedStoreTakesNothing() throws IOException {
    FileConfigStore store = open();
    store.close();
    store.close();
    assertThatThrownBy(() -> store.append(0, History.first("{}"))).hasMessageContaining("closed");
  }
}
