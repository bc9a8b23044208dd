package dev.weir.http;

import com.google.re2j.Pattern;
import dev.weir.core.config.MatchConfig;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** What a named value must be: exactly this, with this beginning, like this, or just there. */
final class ValueTest {
  private final byte[] exact;
  private final byte[] prefix;
  private final Pattern regex;

  /** Whether the name must not occur at all. */
  final boolean absent;

  ValueTest(MatchConfig.Value value) {
    exact = value.exact() == null ? null : value.exact().getBytes(StandardCharsets.UTF_8);
    prefix = value.prefix() == null ? null : value.prefix().getBytes(StandardCharsets.UTF_8);
    regex = value.regex() == null ? null : Regex.compile(value.regex());
    absent = Boolean.FALSE.equals(value.present());
  }

  /** Whether one value is like that; for {@link #absent}, true for every value. */
  boolean accepts(byte[] bytes, int from, int to) {
    if (exact != null) {
      return Chars.equalsExact(bytes, from, to, exact);
    }
    if (prefix != null) {
      return to - from >= prefix.length
          && Chars.equalsExact(bytes, from, from + prefix.length, prefix);
    }
    return regex == null || regex.matches(Arrays.copyOfRange(bytes, from, to));
  }
}
