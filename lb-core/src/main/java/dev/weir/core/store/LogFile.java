package dev.weir.core.store;

import dev.weir.core.store.ConfigStore.Stored;
import dev.weir.core.store.LogFormat.Entry;
import dev.weir.core.store.LogFormat.Tail;
import dev.weir.core.store.StoreNotice.Kind;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;

/**
 * The log of a {@link FileConfigStore}: recovers it, appends to it, rewrites it. A new file is
 * written beside the old one, made durable, and takes its name; so the log is always whole. Guarded
 * by the store.
 */
final class LogFile implements Closeable {
  private static final int SET_ASIDE = 8;

  private final Disk disk;
  private final Path folder;
  private final Path path;
  private final Path fresh;
  private final long compactBytes;
  private final Consumer<StoreNotice> notices;
  private Disk.Log log;
  private long size;
  private long compactAt;
  private long generation;
  private String readOnly;

  LogFile(Disk disk, Path folder, long compactBytes, Consumer<StoreNotice> notices) {
    this.disk = disk;
    this.folder = folder;
    this.path = folder.resolve("config.log");
    this.fresh = folder.resolve("config.log.tmp");
    this.compactBytes = compactBytes;
    this.notices = notices;
  }

  /** The newest good state; null when there is none. */
  Stored recover() throws IOException {
    byte[] bytes = disk.read(path).orElse(null);
    if (bytes == null) {
      disk.delete(fresh);
      return null;
    }
    int version = LogFormat.version(bytes);
    if (version > LogFormat.VERSION) {
      throw new IOException(
          path + " was written by a newer version of this program (format " + version + ")");
    }
    Stored state = null;
    int end = LogFormat.HEADER;
    boolean sense = version != 0;
    List<Entry> entries = LogFormat.entries(bytes);
    for (Entry entry : entries) {
      Stored next = LogState.after(state, bytes, entry);
      if (next == null) {
        sense = false;
        break;
      }
      state = next;
      end = entry.end();
    }
    generation = state == null ? 0 : state.generation();
    Tail tail = sense && state != null ? LogFormat.tail(bytes, end) : Tail.CORRUPT;
    return repair(bytes, state, end, tail);
  }

  private Stored repair(byte[] bytes, Stored state, int end, Tail tail) throws IOException {
    try {
      disk.delete(fresh);
      if (tail == Tail.CORRUPT) {
        return fallBack(bytes, state, end);
      }
      log = disk.open(path);
      size = end;
      compactAt = Math.max(compactBytes, 4L * end);
      if (tail == Tail.TORN) {
        log.truncate(end);
        log.sync();
        notice(
            Kind.TORN_TAIL,
            "the last write to "
                + path
                + " had been cut off and was dropped; it was never"
                + " acknowledged");
      }
    } catch (IOException e) {
      readOnly(path + " cannot be written: " + e.getMessage());
    }
    return state;
  }

  /** Keeps the damaged log under another name and goes on from the newest good state. */
  private Stored fallBack(byte[] bytes, Stored state, int end) throws IOException {
    generation = Math.max(generation, LogFormat.newestBehind(bytes, end));
    String lost =
        generation > (state == null ? 0 : state.generation())
            ? "changes up to generation " + generation + " are lost"
            : "changes may be lost";
    String used =
        state == null ? "nothing of it is used" : "generation " + state.generation() + " is used";
    notice(Kind.CONFIG_FALLBACK, path + " is damaged: " + used + ", " + lost);
    Path aside = setAside(bytes);
    notice(Kind.CONFIG_FALLBACK, "the damaged log is kept as " + aside);
    if (state == null) {
      disk.delete(path);
      disk.syncFolder(folder);
      return null;
    }
    Stored next = new Stored(generation + 1, state.base(), state.effective());
    replace(LogFormat.record(next.generation(), LogState.snapshot(next)));
    generation = next.generation();
    return next;
  }

  private Path setAside(byte[] bytes) throws IOException {
    Path aside = null;
    for (int i = 1; i <= SET_ASIDE && aside == null; i++) {
      Path candidate = folder.resolve("config.log.corrupt-" + i);
      byte[] there = disk.read(candidate).orElse(null);
      if (there == null || i == SET_ASIDE || Arrays.equals(there, bytes)) {
        aside = candidate;
      }
    }
    try (Disk.Log copy = disk.open(aside)) {
      copy.truncate(0);
      copy.write(0, bytes);
      copy.sync();
    }
    disk.syncFolder(folder);
    return aside;
  }

  /** The generation of the next record. */
  long nextGeneration() {
    return generation + 1;
  }

  /**
   * Appends a change, durably.
   *
   * @throws IOException when it is not stored; the log is as it was
   */
  void append(Stored after, byte[] payload) throws IOException {
    if (readOnly != null) {
      throw new IOException("nothing can be stored until a restart: " + readOnly);
    }
    if (payload.length > LogFormat.LONGEST_PAYLOAD) {
      throw new IOException("the change is too large to be stored");
    }
    byte[] record = LogFormat.record(after.generation(), payload);
    if (log == null) {
      replace(record);
    } else {
      write(record);
    }
    generation = after.generation();
  }

  private void write(byte[] record) throws IOException {
    boolean written = false;
    try {
      log.write(size, record);
      written = true;
      log.sync();
      size += record.length;
    } catch (IOException e) {
      takeBack(e, written);
      throw e;
    }
  }

  /**
   * After a failed sync nobody knows what the disk has: the log is cut back and not trusted with
   * more.
   */
  private void takeBack(IOException cause, boolean written) {
    try {
      log.truncate(size);
      log.sync();
    } catch (IOException e) {
      cause.addSuppressed(e);
      readOnly(path + " could not be cut back after a failed write: " + e.getMessage());
      return;
    }
    if (written) {
      readOnly(path + " could not be made durable: " + cause.getMessage());
    }
  }

  /** Writes a new log that begins with this record, and puts it in the old one's place. */
  private void replace(byte[] record) throws IOException {
    byte[] header = LogFormat.header();
    Disk.Log next = disk.open(fresh);
    boolean named = false;
    try {
      next.truncate(0);
      next.write(0, header);
      next.write(header.length, record);
      next.sync();
      disk.rename(fresh, path);
      named = true;
      disk.syncFolder(folder);
    } catch (IOException e) {
      next.close();
      abandon(e, named);
      throw e;
    }
    if (log != null) {
      closeOld();
    }
    log = next;
    size = (long) header.length + record.length;
    compactAt = Math.max(compactBytes, 4 * size);
  }

  /** What was in the old file is in the new one: no failure matters. */
  private void closeOld() {
    try {
      log.close();
    } catch (IOException e) {
      notice(Kind.COMPACTION_FAILED, "the old log could not be closed: " + e.getMessage());
    }
  }

  private void abandon(IOException cause, boolean named) {
    if (named) {
      // either file may be there after a crash: what is appended to one could be missing then
      readOnly(folder + " could not be made durable: " + cause.getMessage());
      return;
    }
    try {
      disk.delete(fresh);
    } catch (IOException e) {
      cause.addSuppressed(e);
    }
  }

  /** Rewrites a log that has become long; a failure is told and changes nothing. */
  void compactIfLong(Stored state) {
    if (size < compactAt) {
      return;
    }
    try {
      replace(LogFormat.record(state.generation(), LogState.snapshot(state)));
    } catch (IOException e) {
      compactAt = 2 * size;
      notice(
          Kind.COMPACTION_FAILED,
          path + " could not be shortened: " + e.getMessage() + "; what is stored is safe");
    }
  }

  private void readOnly(String why) {
    if (readOnly == null) {
      readOnly = why;
      notice(Kind.READ_ONLY, "changes cannot be stored until a restart: " + why);
    }
  }

  private void notice(Kind kind, String message) {
    notices.accept(new StoreNotice(kind, message));
  }

  @Override
  public void close() throws IOException {
    if (log != null) {
      log.close();
    }
  }
}
