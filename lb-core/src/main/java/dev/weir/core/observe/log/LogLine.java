package dev.weir.core.observe.log;

import dev.weir.core.observe.EndSummary;
import java.nio.charset.StandardCharsets;

/**
 * The line that an event loop is writing; bounded. Text from outside is always escaped, so that it
 * can neither begin a line nor end a field of its own accord, nor reach a terminal raw (CWE-117).
 */
final class LogLine {
  private static final int MAX_LINE = 8 * 1024;
  private static final int RESERVE = 512;
  private static final byte[] HEX = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);

  private final byte[] bytes = new byte[MAX_LINE];
  private final byte[] part = new byte[2 * 1024];
  private int length;

  void clear() {
    length = 0;
  }

  byte[] bytes() {
    return bytes;
  }

  int length() {
    return length;
  }

  /** Our own text: ASCII, without anything that would have to be escaped. */
  LogLine add(String ascii) {
    int count = Math.min(ascii.length(), MAX_LINE - 1 - length);
    for (int i = 0; i < count; i++) {
      bytes[length++] = (byte) ascii.charAt(i);
    }
    return this;
  }

  LogLine add(byte[] ascii) {
    int count = Math.min(ascii.length, MAX_LINE - 1 - length);
    System.arraycopy(ascii, 0, bytes, length, count);
    length += count;
    return this;
  }

  LogLine add(long number) {
    if (number < 0) {
      add("-");
    }
    long rest = Math.abs(number);
    int digits = 1;
    for (long r = rest / 10; r > 0; r /= 10) {
      digits++;
    }
    if (length + digits < MAX_LINE) {
      for (int i = length + digits - 1; i >= length; i--) {
        bytes[i] = (byte) ('0' + rest % 10);
        rest /= 10;
      }
      length += digits;
    }
    return this;
  }

  /** Nanoseconds as milliseconds with three decimals. */
  LogLine addMillis(long nanos) {
    long micros = nanos / 1000;
    add(micros / 1000).add(".");
    long fraction = micros % 1000;
    return add(fraction < 10 ? "00" : fraction < 100 ? "0" : "").add(fraction);
  }

  /** A text of the summary, escaped; false, and nothing added, when it has none. */
  boolean addPart(EndSummary end, EndSummary.Text which) {
    int count = take(end, which);
    if (count < 0) {
      return false;
    }
    addTaken(count);
    return true;
  }

  /** Copies a text of the summary aside, for {@link #addTaken}; its length, -1 for none. */
  int take(EndSummary end, EndSummary.Text which) {
    return end.copy(which, part);
  }

  /** Adds what was taken last, escaped. */
  LogLine addTaken(int count) {
    escaped(part, count);
    return this;
  }

  /** A name of ours that may hold any character. */
  LogLine addEscaped(String name) {
    byte[] text = name.getBytes(StandardCharsets.UTF_8);
    escaped(text, text.length);
    return this;
  }

  private void escaped(byte[] text, int count) {
    for (int i = 0; i < count && length < MAX_LINE - RESERVE; i++) {
      byte b = text[i];
      if (b == '"' || b == '\\') {
        bytes[length++] = '\\';
        bytes[length++] = b;
      } else if (b >= 0x20 && b < 0x7f) {
        bytes[length++] = b;
      } else {
        bytes[length++] = '\\';
        bytes[length++] = 'u';
        bytes[length++] = '0';
        bytes[length++] = '0';
        bytes[length++] = HEX[(b >> 4) & 15];
        bytes[length++] = HEX[b & 15];
      }
    }
  }

  void end() {
    bytes[Math.min(length, MAX_LINE - 1)] = '\n';
    length = Math.min(length, MAX_LINE - 1) + 1;
  }
}
