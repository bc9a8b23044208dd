package dev.weir.core.config;

/** HTTP status codes from one to another, both included. Written {@code 200} or {@code 200-399}. */
public record StatusRange(int from, int to) {
  /** What a range looks like. */
  static final String PATTERN = "^[1-5]\\d\\d(-[1-5]\\d\\d)?$";

  /** Checks 100..599 and the order. */
  public StatusRange {
    if (from < 100 || to > 599 || from > to) {
      throw new IllegalArgumentException(
          "must be status codes in 100..599, the lower one first, is '" + from + "-" + to + "'");
    }
  }

  /**
   * Reads a code or a range.
   *
   * @throws IllegalArgumentException with a sentence that says what is wrong
   */
  public static StatusRange parse(String text) {
    if (!text.matches("\\d{3}(-\\d{3})?")) {
      throw new IllegalArgumentException(
          "must be a status code such as 200, or a range such as 200-399, is " + Quote.text(text));
    }
    int from = Integer.parseInt(text.substring(0, 3));
    return new StatusRange(from, text.length() == 3 ? from : Integer.parseInt(text.substring(4)));
  }

  /** Whether the code is in it. */
  public boolean contains(int status) {
    return status >= from && status <= to;
  }

  @Override
  public String toString() {
    return from == to ? Integer.toString(from) : from + "-" + to;
  }
}
