package dev.weir.http;

import dev.weir.core.config.MatchConfig;

/**
 * A condition on a cookie: of all pairs in all Cookie lines (RFC 6265 section 4.2.1), one of that
 * name has the value, with or without quotes around it.
 */
final class CookieCondition implements Condition {
  private static final byte[] COOKIE = Chars.bytes("cookie");

  private final byte[] name;
  private final ValueTest test;

  CookieCondition(MatchConfig.Value value) {
    name = Chars.bytes(value.name());
    test = new ValueTest(value);
  }

  @Override
  public boolean test(Head head, Client client) {
    for (int i = 0; i < head.count(); i++) {
      if (isCookie(head, i) && line(head.bytes, head.valueStart(i), head.valueEnd(i))) {
        return !test.absent;
      }
    }
    return test.absent;
  }

  private static boolean isCookie(Head head, int field) {
    return !head.dropped(field)
        && Chars.equalsLower(head.bytes, head.nameStart(field), head.nameEnd(field), COOKIE);
  }

  private boolean line(byte[] bytes, int from, int to) {
    int at = from;
    while (at < to) {
      int end = pairEnd(bytes, at, to);
      int value = valueStart(bytes, at, end, name);
      if (value >= 0 && accepts(bytes, value, trimmed(bytes, value, end))) {
        return true;
      }
      at = end + 1;
    }
    return false;
  }

  private boolean accepts(byte[] bytes, int from, int to) {
    return test.accepts(bytes, from, to)
        || (to - from >= 2
            && bytes[from] == '"'
            && bytes[to - 1] == '"'
            && test.accepts(bytes, from + 1, to - 1));
  }

  /** The value of the first cookie of a name as a slice, begin and end packed; -1 for none. */
  static long find(Head head, byte[] name) {
    for (int i = 0; i < head.count(); i++) {
      if (isCookie(head, i)) {
        int to = head.valueEnd(i);
        for (int at = head.valueStart(i); at < to; at = pairEnd(head.bytes, at, to) + 1) {
          int end = pairEnd(head.bytes, at, to);
          int value = valueStart(head.bytes, at, end, name);
          if (value >= 0) {
            return (long) value << 32 | trimmed(head.bytes, value, end);
          }
        }
      }
    }
    return -1;
  }

  private static int pairEnd(byte[] bytes, int at, int to) {
    int end = at;
    while (end < to && bytes[end] != ';') {
      end++;
    }
    return end;
  }

  /** Where the value begins, if the pair has this name; else -1. */
  private static int valueStart(byte[] bytes, int from, int to, byte[] name) {
    int start = from;
    while (start < to && (bytes[start] == ' ' || bytes[start] == '\t')) {
      start++;
    }
    int end = start + name.length;
    return end < to && bytes[end] == '=' && Chars.equalsExact(bytes, start, end, name)
        ? end + 1
        : -1;
  }

  private static int trimmed(byte[] bytes, int from, int to) {
    int end = to;
    while (end > from && (bytes[end - 1] == ' ' || bytes[end - 1] == '\t')) {
      end--;
    }
    return end;
  }
}
