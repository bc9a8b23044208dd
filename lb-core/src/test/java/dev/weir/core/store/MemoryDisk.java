package dev.weir.core.store;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A disk in memory that fails or crashes at a chosen operation, and knows what may be left after a
 * crash: content that was not synced is there in part, names that were not synced are there up to
 * any point.
 */
final class MemoryDisk implements Disk {
  /** The end of the process. */
  static final class Crash extends Error {
    private static final long serialVersionUID = 1L;
  }

  /** What a fault does. */
  enum Fault {
    FAIL,
    CRASH
  }

  /** How much of what was not synced reached the disk. */
  enum Left {
    NOTHING,
    ONE_BYTE,
    HALF,
    ALL_BUT_ONE_BYTE,
    ZEROS,
    EVERYTHING
  }

  private static final class Content {
    private byte[] synced = new byte[0];
    private byte[] now = new byte[0];

    byte[] left(Left left) {
      return switch (left) {
        case NOTHING -> synced;
        case EVERYTHING -> now;
        case ZEROS -> now.length > synced.length ? Arrays.copyOf(synced, now.length) : synced;
        case ONE_BYTE -> grown(1);
        case HALF -> grown((now.length - synced.length) / 2);
        case ALL_BUT_ONE_BYTE -> grown(now.length - synced.length - 1);
      };
    }

    private byte[] grown(int by) {
      return now.length > synced.length ? Arrays.copyOf(now, synced.length + by) : now;
    }
  }

  private Map<Path, Content> names = new HashMap<>();
  private final List<Map<Path, Content>> sinceSync = new ArrayList<>(List.of(Map.of()));
  private int operations;
  private int faultAt = -1;
  private boolean lasting;
  private Fault fault = Fault.FAIL;
  private double written;

  /**
   * Lets one operation fail.
   *
   * @param at its number, from 0
   * @param written the part of a write that is done before
   */
  MemoryDisk failing(int at, Fault how, double written) {
    faultAt = at;
    fault = how;
    this.written = written;
    return this;
  }

  /** Lets all later operations fail too. */
  MemoryDisk forEver() {
    lasting = true;
    return this;
  }

  void heal() {
    faultAt = -1;
  }

  int operations() {
    return operations;
  }

  /** A disk that holds one file. */
  static MemoryDisk holding(Path file, byte[] bytes) {
    MemoryDisk disk = new MemoryDisk();
    disk.put(file, bytes);
    return disk;
  }

  private void put(Path file, byte[] bytes) {
    Content content = new Content();
    content.synced = bytes;
    content.now = bytes;
    names.put(file, content);
    sinceSync.set(0, Map.copyOf(names));
  }

  byte[] bytes(Path file) {
    Content content = names.get(file);
    return content == null ? null : content.now.clone();
  }

  /** Every disk that a crash now may leave. */
  List<MemoryDisk> afterCrash() {
    List<MemoryDisk> disks = new ArrayList<>();
    for (Map<Path, Content> view : sinceSync) {
      for (Left left : Left.values()) {
        MemoryDisk disk = new MemoryDisk();
        view.forEach((path, content) -> disk.put(path, content.left(left)));
        disks.add(disk);
      }
    }
    return disks;
  }

  /** The disk as the running system sees it. */
  MemoryDisk asSeen() {
    MemoryDisk disk = new MemoryDisk();
    names.forEach((path, content) -> disk.put(path, content.now));
    return disk;
  }

  private boolean faulty() {
    int number = operations++;
    return number == faultAt || (lasting && faultAt >= 0 && number > faultAt);
  }

  private void step() throws IOException {
    if (faulty()) {
      fail();
    }
  }

  private void fail() throws IOException {
    if (fault == Fault.CRASH) {
      throw new Crash();
    }
    throw new IOException("No space left on device");
  }

  private void renamed() {
    sinceSync.add(Map.copyOf(names));
  }

  @Override
  public void createFolder(Path folder) {}

  @Override
  public Optional<byte[]> read(Path file) {
    return Optional.ofNullable(bytes(file));
  }

  @Override
  public Log open(Path file) throws IOException {
    step();
    if (!names.containsKey(file)) {
      names.put(file, new Content());
      renamed();
    }
    return new Open(names.get(file));
  }

  @Override
  public void rename(Path from, Path to) throws IOException {
    step();
    names = new HashMap<>(names);
    names.put(to, names.remove(from));
    renamed();
  }

  @Override
  public void delete(Path file) throws IOException {
    if (names.containsKey(file)) {
      step();
      names.remove(file);
      renamed();
    }
  }

  @Override
  public void syncFolder(Path folder) throws IOException {
    step();
    sinceSync.clear();
    sinceSync.add(Map.copyOf(names));
  }

  @Override
  public Closeable lock(Path file) {
    return () -> {};
  }

  private final class Open implements Log {
    private final Content content;

    Open(Content content) {
      this.content = content;
    }

    @Override
    public void write(long offset, byte[] bytes) throws IOException {
      boolean faulty = faulty();
      int length = faulty ? (int) (bytes.length * written) : bytes.length;
      int end = (int) offset + length;
      byte[] now = Arrays.copyOf(content.now, Math.max(content.now.length, end));
      System.arraycopy(bytes, 0, now, (int) offset, length);
      content.now = now;
      if (faulty) {
        fail();
      }
    }

    @Override
    public void truncate(long size) throws IOException {
      step();
      content.now = Arrays.copyOf(content.now, (int) size);
    }

    @Override
    public void sync() throws IOException {
      step();
      content.synced = content.now.clone();
    }

    @Override
    public void close() {}
  }
}
