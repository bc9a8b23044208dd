package dev.weir.http;

import java.util.random.RandomGenerator;

/**
 * The id of one request: 128 random bits, written as 32 hexadecimal digits; chosen when somebody
 * first asks, the same for every attempt.
 */
final class RequestId {
  private final RandomGenerator random;
  private long high;
  private long low;

  RequestId(RandomGenerator random) {
    this.random = random;
  }

  private void choose() {
    if (low == 0) {
      high = random.nextLong();
      low = random.nextLong() | 1;
    }
  }

  void write(HeadWriter out) {
    choose();
    out.addHex16(high).addHex16(low);
  }

  /** Random itself. */
  long hash() {
    choose();
    return low;
  }

  /** Into an array; the length, -1 when nobody has asked for the id. */
  int copy(byte[] into, HeadWriter scratch) {
    if (low == 0) {
      return -1;
    }
    scratch.clear();
    write(scratch);
    System.arraycopy(scratch.array(), 0, into, 0, scratch.length());
    return scratch.length();
  }
}
