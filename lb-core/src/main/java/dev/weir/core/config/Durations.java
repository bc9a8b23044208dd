package dev.weir.core.config;

import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Durations as a configuration writes them: {@code 500ms}, {@code 2s}, {@code 1m30s}, {@code 1h}.
 */
public final class Durations {
  /** What a duration looks like. */
  static final String PATTERN = "^(\\d{1,9}(ms|s|m|h))+$";

  private static final int LONGEST = 40;
  private static final Pattern PART = Pattern.compile("(\\d{1,9})(ms|s|m|h)");

  private Durations() {}

  /**
   * Reads a duration; zero is one.
   *
   * @throws IllegalArgumentException with a sentence that says what is wrong
   */
  public static Duration parse(String text) {
    Matcher parts = PART.matcher(text);
    Duration sum = Duration.ZERO;
    int at = 0;
    while (at < text.length() && text.length() <= LONGEST && parts.find() && parts.start() == at) {
      sum = sum.plus(part(Long.parseLong(parts.group(1)), parts.group(2)));
      at = parts.end();
    }
    if (text.isEmpty() || at < text.length()) {
      throw new IllegalArgumentException(
          "must be a duration such as 500ms, 2s, 1m30s or 1h, is " + Quote.text(text));
    }
    return sum;
  }

  private static Duration part(long number, String unit) {
    return switch (unit) {
      case "ms" -> Duration.ofMillis(number);
      case "s" -> Duration.ofSeconds(number);
      case "m" -> Duration.ofMinutes(number);
      default -> Duration.ofHours(number);
    };
  }

  /** Writes a duration the way {@link #parse} reads it; what is below a millisecond is lost. */
  public static String format(Duration duration) {
    StringBuilder text = new StringBuilder();
    append(text, duration.toHours(), "h");
    append(text, duration.toMinutesPart(), "m");
    append(text, duration.toSecondsPart(), "s");
    append(text, duration.toMillisPart(), "ms");
    return text.isEmpty() ? "0s" : text.toString();
  }

  private static void append(StringBuilder text, long number, String unit) {
    if (number > 0) {
      text.append(number).append(unit);
    }
  }
}
