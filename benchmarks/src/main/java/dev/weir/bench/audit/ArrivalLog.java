package dev.weir.bench.audit;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;

/**
 * Which requests a backend has received in full: their ids, one after another, in a file that is
 * mapped into memory and so outlives a {@code kill -9} of the backend. Written by the backend's one
 * thread, read when the backend is gone or idle.
 */
final class ArrivalLog {
  /** At most so many requests are recorded (32 MiB); a sparse file. */
  static final int CAPACITY = 4 << 20;

  private final MappedByteBuffer map;

  private ArrivalLog(MappedByteBuffer map) {
    this.map = map;
  }

  static ArrivalLog create(Path file) throws IOException {
    try (FileChannel channel =
        FileChannel.open(
            file,
            StandardOpenOption.CREATE,
            StandardOpenOption.TRUNCATE_EXISTING,
            StandardOpenOption.READ,
            StandardOpenOption.WRITE)) {
      return new ArrivalLog(channel.map(FileChannel.MapMode.READ_WRITE, 0, 8L * CAPACITY));
    }
  }

  /** Adds an id; false when the log is full. An id is never 0. */
  boolean add(long id) {
    if (!map.hasRemaining()) {
      return false;
    }
    map.putLong(id);
    return true;
  }

  /** All ids of a log, in order of arrival. */
  static long[] read(Path file) throws IOException {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      ByteBuffer all = channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size());
      long[] ids = new long[1024];
      int count = 0;
      while (all.hasRemaining()) {
        long id = all.getLong();
        if (id == 0) {
          break;
        }
        if (count == ids.length) {
          ids = Arrays.copyOf(ids, 2 * count);
        }
        ids[count++] = id;
      }
      return Arrays.copyOf(ids, count);
    }
  }
}
