package dev.weir.core.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.core.store.ConfigStore.Stored;
import dev.weir.core.store.MemoryDisk.Crash;
import dev.weir.core.store.MemoryDisk.Fault;
import dev.weir.core.store.StoreNotice.Kind;
import java.io.IOException;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/**
 * Whatever happens to the process or to the disk, what was acknowledged is there, or it is told.
 */
class CrashConsistencyTest {
  private static final int CHANGES = 12;
  private static final long COMPACT_BYTES = 700;

  /** Writes changes until the disk crashes, if it does. */
  private static void write(History history, MemoryDisk disk) {
    try (FileConfigStore store = history.open(disk, COMPACT_BYTES)) {
      for (int i = 0; i < CHANGES; i++) {
        try {
          history.append(store);
        } catch (IOException notStored) {
          assertThat(store.load().map(Stored::generation).orElse(0L)).isEqualTo(history.newest());
        }
      }
    } catch (Crash end) {
      return;
    } catch (IOException e) {
      throw new AssertionError("cannot open", e);
    }
  }

  /**
   * A store opened on what is left holds the acknowledged state or the one that was being stored.
   */
  private static void check(History history, MemoryDisk left) throws IOException {
    int before = history.notices().size();
    try (FileConfigStore store = history.open(left, COMPACT_BYTES)) {
      Stored state = store.load().orElse(null);
      long generation = state == null ? 0 : state.generation();
      assertThat(generation).isBetween(history.newest(), history.newest() + 1);
      if (generation > 0 && generation == history.newest()) {
        assertThat(state.effective().tree()).isEqualTo(history.tree(generation));
      } else if (generation > 0) {
        assertThat(history.wasTried(state)).isTrue();
      }
      assertThat(store.append(generation, History.first("{'after':1}")))
          .isEqualTo(new ConfigStore.Appended.Ok(generation + 1));
    }
    assertThat(history.notices().subList(before, history.notices().size()))
        .extracting(StoreNotice::kind)
        .doesNotContain(Kind.CONFIG_FALLBACK, Kind.READ_ONLY);
  }

  private static int operations() {
    MemoryDisk disk = new MemoryDisk();
    write(new History(), disk);
    return disk.operations();
  }

  @Test
  void aCrashAtAnyStepLosesNothingAcknowledged() throws IOException {
    int images = 0;
    for (int at = 0; at < operations(); at++) {
      for (double written : new double[] {0, 0.01, 0.5, 0.99, 1}) {
        History history = new History();
        MemoryDisk disk = new MemoryDisk().failing(at, Fault.CRASH, written);
        write(history, disk);
        for (MemoryDisk left : disk.afterCrash()) {
          check(history, left);
          images++;
        }
      }
    }
    assertThat(images).isGreaterThan(1_000);
  }

  @Test
  void aFailureOfAnyStepLosesNothingAcknowledgedAndChangesNothingElse() throws IOException {
    for (int at = 0; at < operations(); at++) {
      for (double written : new double[] {0, 0.5, 1}) {
        History once = new History();
        MemoryDisk disk = new MemoryDisk().failing(at, Fault.FAIL, written);
        write(once, disk);
        disk.heal();
        check(once, disk.asSeen());
        for (MemoryDisk left : disk.afterCrash()) {
          check(once, left);
        }
        History forEver = new History();
        MemoryDisk broken = new MemoryDisk().failing(at, Fault.FAIL, written).forEver();
        write(forEver, broken);
        check(forEver, broken.asSeen());
      }
    }
  }

  @Test
  void aCrashDuringRepairIsRepairedToo() throws IOException {
    History history = new History();
    byte[] log = log(history);
    byte[] torn = Arrays.copyOf(log, log.length - 3);
    for (int at = 0; at < 8; at++) {
      MemoryDisk disk = MemoryDisk.holding(History.LOG, torn).failing(at, Fault.CRASH, 0.5);
      try {
        history.open(disk, 1_000_000).close();
      } catch (Crash end) {
        for (MemoryDisk left : disk.afterCrash()) {
          try (FileConfigStore store = history.open(left, 1_000_000)) {
            assertThat(store.load().orElseThrow().effective().tree())
                .isEqualTo(history.tree(CHANGES - 1));
          }
        }
      }
    }
  }

  private static byte[] log(History history) throws IOException {
    MemoryDisk disk = new MemoryDisk();
    try (FileConfigStore store = history.open(disk, 1_000_000)) {
      for (int i = 0; i < CHANGES; i++) {
        history.append(store);
      }
    }
    return disk.bytes(History.LOG);
  }

  @Test
  void everyPrefixOfALogIsExactlyOneOfItsGenerations() throws IOException {
    History history = new History();
    byte[] log = log(history);
    for (int length = 0; length <= log.length; length++) {
      byte[] prefix = Arrays.copyOf(log, length);
      long whole = LogFormat.entries(prefix).size();
      try (FileConfigStore store =
          history.open(MemoryDisk.holding(History.LOG, prefix), 1_000_000)) {
        Stored state = store.load().orElse(null);
        if (whole == 0) {
          assertThat(state).isNull();
        } else {
          assertThat(state.generation()).isEqualTo(whole);
          assertThat(state.effective().tree()).isEqualTo(history.tree(whole));
        }
        assertThat(store.append(whole == 0 ? 0 : whole, History.first("{}")))
            .isInstanceOf(ConfigStore.Appended.Ok.class);
      }
    }
  }

  @Test
  void damageInTheMiddleIsSetAsideAndItsGenerationsAreNotUsedAgain() throws IOException {
    History history = new History();
    byte[] log = log(history);
    int end = LogFormat.entries(log).get(4).end();
    log[end + 40] ^= 1;
    MemoryDisk disk = MemoryDisk.holding(History.LOG, log);
    try (FileConfigStore store = history.open(disk, 1_000_000)) {
      assertThat(store.load().orElseThrow().effective().tree()).isEqualTo(history.tree(5));
      assertThat(store.load().orElseThrow().generation()).isEqualTo(CHANGES + 1);
    }
    assertThat(disk.bytes(History.FOLDER.resolve("config.log.corrupt-1"))).isEqualTo(log);
    assertThat(history.notices())
        .extracting(StoreNotice::kind, StoreNotice::message)
        .contains(
            org.assertj.core.api.Assertions.tuple(
                Kind.CONFIG_FALLBACK,
                "/state/config.log is damaged: generation 5 is used, changes up to generation 12"
                    + " are lost"));
  }

  @Test
  void tenThousandRandomDamagesAreNeverFatalAndNeverBelieved() throws IOException {
    SplittableRandom random = new SplittableRandom(20261120);
    History history = new History();
    byte[] log = log(history);
    for (int i = 0; i < 10_000; i++) {
      byte[] damaged = Damage.of(log, random);
      int before = history.notices().size();
      try (FileConfigStore store =
          history.open(MemoryDisk.holding(History.LOG, damaged), 1_000_000)) {
        Stored state = store.load().orElse(null);
        boolean silent = history.notices().size() == before;
        if (state != null) {
          assertThat(history.knows(state.effective().tree())).isTrue();
        }
        if (silent) {
          // what is a whole log by itself cannot be told from one
          assertThat(damaged).isEqualTo(Arrays.copyOf(log, damaged.length));
          assertThat(state.effective().tree())
              .isEqualTo(history.tree(LogFormat.entries(damaged).size()));
        }
      }
    }
  }
}
