package dev.weir.http;

import dev.weir.core.config.MatchConfig;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * A condition on a parameter of the query, {@code name=value} between ampersands, decoded as forms
 * are (percent-encodings, and plus for a space): what the backend will see. A parameter that occurs
 * more than once matches with any of its values.
 */
final class QueryCondition implements Condition {
  private final byte[] name;
  private final ValueTest test;

  QueryCondition(MatchConfig.Value value) {
    name = value.name().getBytes(StandardCharsets.UTF_8);
    test = new ValueTest(value);
  }

  @Override
  public boolean test(Head head, Client client) {
    byte[] bytes = head.bytes;
    int at = head.pathEnd + 1;
    while (at < head.targetEnd) {
      int end = at;
      int equals = -1;
      for (; end < head.targetEnd && bytes[end] != '&'; end++) {
        equals = equals < 0 && bytes[end] == '=' ? end : equals;
      }
      int nameEnd = equals < 0 ? end : equals;
      if (same(bytes, at, nameEnd, name) && accepts(bytes, Math.min(nameEnd + 1, end), end)) {
        return !test.absent;
      }
      at = end + 1;
    }
    return test.absent;
  }

  /** The value of the first parameter of a name as a slice, begin and end packed; -1 for none. */
  static long find(Head head, byte[] name) {
    byte[] bytes = head.bytes;
    int at = head.pathEnd + 1;
    while (at < head.targetEnd) {
      int end = at;
      int equals = -1;
      for (; end < head.targetEnd && bytes[end] != '&'; end++) {
        equals = equals < 0 && bytes[end] == '=' ? end : equals;
      }
      int nameEnd = equals < 0 ? end : equals;
      if (same(bytes, at, nameEnd, name)) {
        return (long) Math.min(nameEnd + 1, end) << 32 | end;
      }
      at = end + 1;
    }
    return -1;
  }

  private boolean accepts(byte[] bytes, int from, int to) {
    for (int i = from; i < to; i++) {
      if (bytes[i] == '%' || bytes[i] == '+') {
        byte[] decoded = decoded(bytes, from, to);
        return test.accepts(decoded, 0, decoded.length);
      }
    }
    return test.accepts(bytes, from, to);
  }

  /** Whether a slice says this when it is decoded. */
  static boolean same(byte[] bytes, int from, int to, byte[] text) {
    int matched = 0;
    for (int i = from; i < to; matched++) {
      int length = length(bytes, i, to);
      if (matched == text.length || value(bytes, i, length) != text[matched]) {
        return false;
      }
      i += length;
    }
    return matched == text.length;
  }

  /** A slice, decoded. */
  static byte[] decoded(byte[] bytes, int from, int to) {
    byte[] out = new byte[to - from];
    int count = 0;
    for (int i = from; i < to; ) {
      int length = length(bytes, i, to);
      out[count++] = value(bytes, i, length);
      i += length;
    }
    return Arrays.copyOf(out, count);
  }

  private static int length(byte[] bytes, int at, int to) {
    boolean encoded =
        bytes[at] == '%'
            && at + 2 < to
            && Chars.hex(bytes[at + 1]) >= 0
            && Chars.hex(bytes[at + 2]) >= 0;
    return encoded ? 3 : 1;
  }

  private static byte value(byte[] bytes, int at, int length) {
    if (length == 3) {
      return (byte) (Chars.hex(bytes[at + 1]) * 16 + Chars.hex(bytes[at + 2]));
    }
    return bytes[at] == '+' ? (byte) ' ' : bytes[at];
  }
}
