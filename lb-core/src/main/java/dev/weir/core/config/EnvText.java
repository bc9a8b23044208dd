package dev.weir.core.config;

import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * References to the environment in texts: a name in braces after a dollar sign, with {@code :-} and
 * a default for when the variable is not set or empty. Two dollar signs before the brace stand for
 * the characters themselves. What comes out is not looked at again.
 */
final class EnvText {
  private static final Pattern REFERENCE =
      Pattern.compile("\\$\\{([A-Za-z_][A-Za-z0-9_]{0,127})(:-([^}]*))?\\}");

  private EnvText() {}

  /** Whether the text holds a reference, well-formed or not. */
  static boolean refers(String text) {
    int at = 0;
    while ((at = text.indexOf("${", at)) >= 0) {
      if (at == 0 || text.charAt(at - 1) != '$') {
        return true;
      }
      at += 2;
    }
    return false;
  }

  /** Whether the whole text is one reference. */
  static boolean isReference(String text) {
    return REFERENCE.matcher(text).matches();
  }

  /**
   * The text with its references replaced.
   *
   * @param environment null for a variable that is not set
   * @param wrong takes a sentence for each thing that is wrong; the result is not used then
   */
  static String resolve(String text, Function<String, String> environment, Consumer<String> wrong) {
    StringBuilder resolved = new StringBuilder();
    int at = 0;
    Matcher reference = REFERENCE.matcher(text);
    while (at < text.length()) {
      int start = text.indexOf("${", at);
      if (start < 0) {
        break;
      }
      if (start > at && text.charAt(start - 1) == '$') {
        resolved.append(text, at, start - 1).append("${");
        at = start + 2;
      } else if (reference.region(start, text.length()).lookingAt()) {
        resolved.append(text, at, start);
        resolved.append(value(reference, environment, wrong).orElse(""));
        at = reference.end();
      } else {
        wrong.accept(
            Quote.text(text.substring(start))
                + " is not a reference; write ${NAME} or ${NAME:-default}, or $${ for the characters");
        return text;
      }
    }
    return resolved.append(text, at, text.length()).toString();
  }

  private static Optional<String> value(
      Matcher reference, Function<String, String> environment, Consumer<String> wrong) {
    String value = environment.apply(reference.group(1));
    String other = reference.group(3);
    if (other != null && (value == null || value.isEmpty())) {
      return Optional.of(other);
    }
    if (value == null) {
      wrong.accept(
          "the environment variable "
              + reference.group(1)
              + " is not set; set it, or give a default as in ${"
              + reference.group(1)
              + ":-value}");
    }
    return Optional.ofNullable(value);
  }
}
