package dev.weir.http;

import java.util.ArrayDeque;

/**
 * Arrays of one event loop for heads that do not fit their own, which most do. Kept apart from the
 * heads, so that not every spare head ends up with a large one. Used on that loop only.
 */
final class HeadSpace {
  /** Bytes of an array that is kept. */
  static final int LARGE = 8 * 1024;

  /** Arrays that are kept. */
  static final int SPARE = 32;

  private final ArrayDeque<byte[]> spare = new ArrayDeque<>();

  /** An array of at least so many bytes, with anything in it. */
  byte[] take(int bytes) {
    if (bytes > LARGE) {
      return new byte[bytes];
    }
    byte[] kept = spare.pollLast();
    return kept == null ? new byte[LARGE] : kept;
  }

  /** Takes an array back that {@link #take} has given. */
  void giveBack(byte[] array) {
    if (array.length == LARGE && spare.size() < SPARE) {
      spare.addLast(array);
    }
  }
}
