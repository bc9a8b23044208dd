package dev.weir.core.store;

import dev.weir.core.config.Failures;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * The configuration's history in a log file of its own folder, with one owning process. A change is
 * on the disk before {@link #append} returns; a failed one leaves the log as it was. Opened by the
 * composition root, written by the runtime's worker; any thread may call, one at a time gets on.
 */
public final class FileConfigStore implements ConfigStore {
  /** A log is rewritten when it is this long, and four times as long as after the last time. */
  static final long COMPACT_BYTES = 4L * 1024 * 1024;

  private final LogFile file;
  private final Closeable lock;
  private Stored state;
  private boolean closed;

  private FileConfigStore(Disk disk, Path folder, long compactBytes, Consumer<StoreNotice> notices)
      throws IOException {
    lock = own(disk, folder);
    try {
      file = new LogFile(disk, folder, compactBytes, notices);
      state = file.recover();
    } catch (IOException | RuntimeException e) {
      lock.close();
      throw e;
    }
  }

  private static Closeable own(Disk disk, Path folder) throws IOException {
    try {
      disk.createFolder(folder);
      return disk.lock(folder.resolve("config.lock"));
    } catch (FileSystemException e) {
      throw new IOException(
          "the state folder " + folder + " cannot be used: " + Failures.reason(e), e);
    }
  }

  /**
   * Opens the store, taking the folder for this process; what a crash left behind is repaired.
   *
   * @param folder made when it is missing, for the owner only
   * @param notices told of what the operator should know, on the thread that calls the store
   * @throws IOException with a sentence when the folder is in use, cannot be read or written, or
   *     was written by a newer version
   */
  public static FileConfigStore open(Path folder, Consumer<StoreNotice> notices)
      throws IOException {
    return open(new FileDisk(), folder, COMPACT_BYTES, notices);
  }

  static FileConfigStore open(
      Disk disk, Path folder, long compactBytes, Consumer<StoreNotice> notices) throws IOException {
    return new FileConfigStore(disk, folder, compactBytes, notices);
  }

  @Override
  public synchronized Optional<Stored> load() {
    return Optional.ofNullable(state);
  }

  /**
   * {@inheritDoc}
   *
   * @throws IllegalArgumentException when the first change has no base, or the outcome is no object
   */
  @Override
  public synchronized Appended append(long expectedGeneration, Change change) throws IOException {
    if (closed) {
      throw new IOException("the store is closed");
    }
    long current = state == null ? 0 : state.generation();
    if (expectedGeneration != current) {
      return new Appended.Conflict(current);
    }
    Stored after = LogState.after(state, file.nextGeneration(), change);
    file.append(after, LogState.change(change));
    state = after;
    file.compactIfLong(after);
    return new Appended.Ok(after.generation());
  }

  /** Never calls back: the folder belongs to this process, so nobody else appends. */
  @Override
  public AutoCloseable watch(Consumer<Stored> changed) {
    return () -> {};
  }

  @Override
  public synchronized void close() throws IOException {
    if (closed) {
      return;
    }
    closed = true;
    try {
      file.close();
    } finally {
      lock.close();
    }
  }
}
