package dev.weir.bench.audit;

import java.util.Arrays;

/** Bodies that follow from an id, so that one that went to the wrong place does not match. */
final class Payload {
  /** The largest body of a request or an answer. */
  static final int MAX_BYTES = 1 << 20;

  private Payload() {}

  /** The body of an id. */
  static byte[] of(long id, int bytes) {
    byte[] body = new byte[bytes];
    long word = 0;
    for (int i = 0; i < bytes; i++) {
      if ((i & 7) == 0) {
        word = mix(id + (long) (i >>> 3) * 0x9e3779b97f4a7c15L);
      }
      body[i] = (byte) (word >>> (8 * (i & 7)));
    }
    return body;
  }

  /** Whether a body is the one of an id, at its length. */
  static boolean matches(long id, byte[] body) {
    return Arrays.equals(body, of(id, body.length));
  }

  /** The finaliser of SplitMix64 (Steele, Lea and Flood 2014). */
  private static long mix(long value) {
    long z = (value ^ (value >>> 30)) * 0xbf58476d1ce4e5b9L;
    z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
    return z ^ (z >>> 31);
  }
}
