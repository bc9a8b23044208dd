package dev.weir.http;

import java.util.BitSet;

/** A set of HTTP status codes. */
final class StatusSet {
  private static final int MIN = 100;
  private static final int MAX = 599;

  private final BitSet codes;

  private StatusSet(BitSet codes) {
    this.codes = codes;
  }

  static StatusSet none() {
    return new StatusSet(new BitSet());
  }

  /**
   * This set and a code or range, such as {@code 204} or {@code 200-399}.
   *
   * @throws IllegalArgumentException with a sentence that says what is wrong
   */
  StatusSet with(String range) {
    String[] ends = range.trim().split("-", -1);
    if (ends.length > 2) {
      throw wrong(range);
    }
    int from = code(ends[0], range);
    int to = ends.length == 1 ? from : code(ends[1], range);
    if (from > to) {
      throw new IllegalArgumentException("'" + range + "' runs backwards");
    }
    BitSet more = (BitSet) codes.clone();
    more.set(from, to + 1);
    return new StatusSet(more);
  }

  private static int code(String digits, String range) {
    String text = digits.trim();
    if (text.length() != 3 || !text.chars().allMatch(c -> c >= '0' && c <= '9')) {
      throw wrong(range);
    }
    int code = Integer.parseInt(text);
    if (code < MIN || code > MAX) {
      throw wrong(range);
    }
    return code;
  }

  private static IllegalArgumentException wrong(String range) {
    return new IllegalArgumentException(
        "'" + range + "' is neither a status code nor a range such as 200-399");
  }

  boolean contains(int status) {
    return codes.get(status);
  }
}
