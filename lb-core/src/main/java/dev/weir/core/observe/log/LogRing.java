package dev.weir.core.observe.log;

import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * A ring of bytes between one event loop, which puts whole lines in, and the log writer, which
 * takes out what is there. A line that does not fit is dropped and counted. No locks, no
 * allocation.
 */
final class LogRing {
  private static final VarHandle WRITTEN;
  private static final VarHandle TAKEN;
  private static final VarHandle DROPPED;

  static {
    try {
      MethodHandles.Lookup lookup = MethodHandles.lookup();
      WRITTEN = lookup.findVarHandle(LogRing.class, "written", long.class);
      TAKEN = lookup.findVarHandle(LogRing.class, "taken", long.class);
      DROPPED = lookup.findVarHandle(LogRing.class, "dropped", long.class);
    } catch (ReflectiveOperationException impossible) {
      throw new ExceptionInInitializerError(impossible);
    }
  }

  private final byte[] ring;
  private final int mask;

  // The loop's; published with release.
  private long written;
  private long dropped;

  // The writer's; published with release.
  private long taken;

  /** {@code capacity}: bytes, a power of two. */
  LogRing(int capacity) {
    if (Integer.bitCount(capacity) != 1) {
      throw new IllegalArgumentException(capacity + " is not a power of two");
    }
    ring = new byte[capacity];
    mask = capacity - 1;
  }

  /** The loop: puts a line in, or drops it. */
  void put(byte[] line, int length) {
    long free = ring.length - (written - (long) TAKEN.getAcquire(this));
    if (length > free) {
      DROPPED.setOpaque(this, dropped + 1);
      return;
    }
    int at = (int) written & mask;
    int first = Math.min(length, ring.length - at);
    System.arraycopy(line, 0, ring, at, first);
    System.arraycopy(line, first, ring, 0, length - first);
    WRITTEN.setRelease(this, written + length);
  }

  /** The writer: gives everything that is there to the target; whether there was anything. */
  boolean drain(LogTarget target) throws IOException {
    long end = (long) WRITTEN.getAcquire(this);
    if (end == taken) {
      return false;
    }
    int at = (int) taken & mask;
    int length = (int) (end - taken);
    int first = Math.min(length, ring.length - at);
    try {
      target.write(ring, at, first);
      target.write(ring, 0, length - first);
    } finally {
      // What could not be written is gone: a target that fails must not stop the loops' lines.
      TAKEN.setRelease(this, end);
    }
    return true;
  }

  /** Lines dropped so far. Any thread. */
  long dropped() {
    return (long) DROPPED.getOpaque(this);
  }
}
