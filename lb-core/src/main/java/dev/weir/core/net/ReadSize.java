package dev.weir.core.net;

import io.netty.buffer.ByteBuf;

/**
 * How much a connection asks for with one read, from 2 KiB to 128 KiB: four times as much when it
 * got all it asked for, a quarter when it got little twice in a row. Used on the connection's event
 * loop.
 */
final class ReadSize {
  private int next = SpareBuffers.MIN;
  private boolean littleBefore;

  /**
   * What was read, in a buffer that is at most four times as large, or 2 KiB: whoever keeps a piece
   * of it keeps all of it. A new reference, or a copy.
   */
  static ByteBuf fitting(ByteBuf read) {
    boolean fits =
        read.capacity() <= SpareBuffers.MIN
            || read.readableBytes() >= read.capacity() / SpareBuffers.STEP;
    return fits ? read.retain() : read.copy();
  }

  int next() {
    return next;
  }

  void took(int got, int asked) {
    boolean little = got < asked / SpareBuffers.STEP && asked > SpareBuffers.MIN;
    if (got == asked) {
      next = Math.min(SpareBuffers.MAX, asked * SpareBuffers.STEP);
    } else if (little && littleBefore) {
      next = Math.max(SpareBuffers.MIN, asked / SpareBuffers.STEP);
    }
    littleBefore = little && !littleBefore;
  }
}
