package dev.weir.http;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;

/**
 * Compiles regular expressions of a configuration. They are RE2's, matched in linear time; what
 * they may cost is bounded beforehand, since counted repetitions inside one another multiply.
 */
final class Regex {
  private static final int LONGEST = 1024;
  private static final long MOST_EXPANDED = 4_000;
  private static final int MOST_INSTRUCTIONS = 2_000;

  private final String text;
  private int at;

  private Regex(String text) {
    this.text = text;
  }

  /**
   * Compiles.
   *
   * @throws IllegalArgumentException with a sentence that says what is wrong
   */
  static Pattern compile(String text) {
    if (text.length() > LONGEST) {
      throw new IllegalArgumentException(
          "a regular expression may have "
              + LONGEST
              + " characters, this one has "
              + text.length());
    }
    if (new Regex(text).sequence() > MOST_EXPANDED) {
      throw tooCostly();
    }
    try {
      Pattern pattern = Pattern.compile(text);
      if (pattern.programSize() > MOST_INSTRUCTIONS) {
        throw tooCostly();
      }
      return pattern;
    } catch (PatternSyntaxException e) {
      throw new IllegalArgumentException(
          "is not a regular expression of RE2: " + e.getDescription());
    }
  }

  private static IllegalArgumentException tooCostly() {
    return new IllegalArgumentException(
        "the regular expression repeats too much to be matched fast");
  }

  /** About how many instructions it becomes, up to the end of the group. */
  private long sequence() {
    long sum = 0;
    long last = 0;
    while (at < text.length()) {
      char c = text.charAt(at++);
      switch (c) {
        case ')' -> {
          return sum + last + 1;
        }
        case '(' -> {
          sum += last;
          last = sequence();
        }
        case '\\' -> {
          at++;
          sum += last;
          last = 1;
        }
        case '[' -> {
          characterClass();
          sum += last;
          last = 1;
        }
        case '{' -> last = Math.min(Integer.MAX_VALUE, last * repetitions());
        default -> {
          sum += last;
          last = 1;
        }
      }
    }
    return sum + last;
  }

  private void characterClass() {
    if (at < text.length() && text.charAt(at) == '^') {
      at++;
    }
    int first = at;
    while (at < text.length() && (text.charAt(at) != ']' || at == first)) {
      at += text.charAt(at) == '\\' ? 2 : 1;
    }
    at++;
  }

  /** The greatest number in the braces; 1 when they are no repetition. */
  private long repetitions() {
    int end = text.indexOf('}', at);
    if (end < 0 || !text.substring(at, end).matches("\\d{1,6}(,\\d{0,6})?")) {
      return 1;
    }
    long most = 1;
    for (String number : text.substring(at, end).split(",")) {
      most = Math.max(most, Long.parseLong(number));
    }
    at = end + 1;
    return most;
  }
}
