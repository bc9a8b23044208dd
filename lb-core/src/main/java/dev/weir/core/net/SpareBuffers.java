package dev.weir.core.net;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.FastThreadLocal;

/**
 * Direct buffers of an event loop that are used again and again: at most two free buffers of each
 * size. What is read is mostly written before the next read, so its buffer is free again, and still
 * in the processor's cache. A buffer that somebody has kept is not taken back: it is theirs then.
 */
public final class SpareBuffers {
  /** The smallest size, in bytes. */
  static final int MIN = 2 * 1024;

  /** The largest size, in bytes. */
  static final int MAX = 128 * 1024;

  /** The sizes are powers of this, times {@link #MIN}. */
  static final int STEP = 4;

  private static final int STEP_BITS = 2;
  private static final int SIZES = 4;

  private static final FastThreadLocal<SpareBuffers> OF_THREAD =
      new FastThreadLocal<>() {
        @Override
        protected SpareBuffers initialValue() {
          return new SpareBuffers();
        }

        @Override
        protected void onRemoval(SpareBuffers buffers) {
          buffers.release();
        }
      };

  private final ByteBuf[] free = new ByteBuf[SIZES];
  private final ByteBuf[] alsoFree = new ByteBuf[SIZES];

  private SpareBuffers() {}

  /** Those of the event loop that calls. */
  public static SpareBuffers get() {
    return OF_THREAD.get();
  }

  /**
   * An empty buffer, to be given to {@link #giveBack} or released.
   *
   * @param bytes that it has room for, at least; more than {@link #MAX}: a new buffer of that size
   */
  public ByteBuf take(ByteBufAllocator allocator, int bytes) {
    int index = index(bytes);
    if (index >= SIZES) {
      return allocator.directBuffer(bytes);
    }
    ByteBuf spare = free[index];
    if (spare == null) {
      int size = MIN << (STEP_BITS * index);
      return allocator.directBuffer(size, size);
    }
    free[index] = alsoFree[index];
    alsoFree[index] = null;
    return spare;
  }

  /** Gives up a reference; the buffer is kept if it was the last one. */
  public void giveBack(ByteBuf buffer) {
    int index = index(buffer.capacity());
    if (index >= SIZES || alsoFree[index] != null || buffer.refCnt() > 1) {
      buffer.release();
      return;
    }
    alsoFree[index] = free[index];
    free[index] = buffer.clear();
  }

  /** Of the smallest size that has room. */
  private static int index(int bytes) {
    int bits = Integer.SIZE - Integer.numberOfLeadingZeros((Math.max(bytes, MIN) - 1) / MIN);
    return (bits + STEP_BITS - 1) / STEP_BITS;
  }

  private void release() {
    for (int i = 0; i < SIZES; i++) {
      ReferenceCountUtil.release(free[i]);
      ReferenceCountUtil.release(alsoFree[i]);
    }
  }
}
