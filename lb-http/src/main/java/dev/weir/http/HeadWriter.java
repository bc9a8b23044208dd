package dev.weir.http;

import java.util.Arrays;

/**
 * Serialises heads: start lines, what is left of a head's fields, and fields of our own, into one
 * array that the event loop reuses. Never writes a byte that the parser has not validated or that
 * is not a constant or a number of ours.
 */
final class HeadWriter {
  private static final int FIRST_CAPACITY = 4096;
  private static final byte[] HEX = Chars.bytes("0123456789abcdef");

  private byte[] bytes = new byte[FIRST_CAPACITY];
  private int length;

  void clear() {
    length = 0;
  }

  byte[] array() {
    return bytes;
  }

  int length() {
    return length;
  }

  /** Takes back what was written behind this length. */
  void cut(int shorter) {
    length = Math.min(length, shorter);
  }

  HeadWriter add(byte[] from) {
    return add(from, 0, from.length);
  }

  HeadWriter add(byte[] from, int start, int end) {
    int count = end - start;
    if (bytes.length - length < count) {
      grow(count);
    }
    System.arraycopy(from, start, bytes, length, count);
    length += count;
    return this;
  }

  HeadWriter add(char ascii) {
    if (length == bytes.length) {
      grow(1);
    }
    bytes[length++] = (byte) ascii;
    return this;
  }

  HeadWriter addDecimal(long number) {
    int digits = 1;
    for (long rest = number / 10; rest > 0; rest /= 10) {
      digits++;
    }
    if (bytes.length - length < digits) {
      grow(digits);
    }
    long rest = number;
    for (int i = length + digits - 1; i >= length; i--) {
      bytes[i] = (byte) ('0' + rest % 10);
      rest /= 10;
    }
    length += digits;
    return this;
  }

  /** Sixteen hexadecimal digits. */
  HeadWriter addHex16(long number) {
    if (bytes.length - length < 16) {
      grow(16);
    }
    for (int shift = 60; shift >= 0; shift -= 4) {
      bytes[length++] = HEX[(int) (number >>> shift) & 15];
    }
    return this;
  }

  /** As few hexadecimal digits as the number needs. */
  HeadWriter addHex(long number) {
    int shift = 60 - (Long.numberOfLeadingZeros(number | 1) & ~3);
    for (; shift >= 0; shift -= 4) {
      add((char) HEX[(int) (number >>> shift) & 15]);
    }
    return this;
  }

  /**
   * All fields that are not dropped; runs of them that stand as we would write them in one copy.
   */
  HeadWriter addFields(Head head) {
    int count = head.count();
    int runStart = -1;
    int runEnd = -1;
    for (int i = 0; i < count; i++) {
      boolean dropped = head.dropped(i);
      if (!dropped && head.canonical(i)) {
        if (runStart < 0) {
          runStart = head.nameStart(i);
        }
        runEnd = head.valueEnd(i) + 2;
        continue;
      }
      if (runStart >= 0) {
        add(head.bytes, runStart, runEnd);
        runStart = -1;
      }
      if (!dropped) {
        add(head.bytes, head.nameStart(i), head.nameEnd(i)).add(':').add(' ');
        add(head.bytes, head.valueStart(i), head.valueEnd(i)).add('\r').add('\n');
      }
    }
    if (runStart >= 0) {
      add(head.bytes, runStart, runEnd);
    }
    return this;
  }

  private void grow(int more) {
    bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, length + more));
  }
}
