package dev.weir.core.store;

import java.util.Arrays;
import java.util.SplittableRandom;

/** Damages a file in one of the ways that disks and people do. */
final class Damage {
  private Damage() {}

  static byte[] of(byte[] whole, SplittableRandom random) {
    byte[] bytes = whole.clone();
    int from = random.nextInt(bytes.length);
    int to = from + 1 + random.nextInt(bytes.length - from);
    switch (random.nextInt(8)) {
      case 0 -> bytes[from] ^= (byte) (1 << random.nextInt(8));
      case 1 -> {
        for (int i = 0; i < 8; i++) {
          bytes[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8));
        }
      }
      case 2 -> Arrays.fill(bytes, from, to, (byte) 0);
      case 3 -> {
        for (int i = from; i < to; i++) {
          bytes[i] = (byte) random.nextInt();
        }
      }
      case 4 -> bytes = Arrays.copyOf(bytes, from);
      case 5 ->
          bytes = joined(Arrays.copyOf(bytes, from), Arrays.copyOfRange(bytes, to, bytes.length));
      case 6 ->
          bytes = joined(Arrays.copyOf(bytes, to), Arrays.copyOfRange(bytes, from, bytes.length));
      default -> {
        byte[] more = new byte[1 + random.nextInt(64)];
        random.nextBytes(more);
        bytes = joined(bytes, more);
      }
    }
    return bytes;
  }

  private static byte[] joined(byte[] a, byte[] b) {
    byte[] both = Arrays.copyOf(a, a.length + b.length);
    System.arraycopy(b, 0, both, a.length, b.length);
    return both;
  }
}
