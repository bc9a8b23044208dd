package dev.weir.core.config;

import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/** What plain (unquoted) YAML scalars mean: the YAML 1.2 JSON schema, no surprises beyond it. */
final class Scalars {
  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
  private static final Pattern INTEGER = Pattern.compile("[-+]?(0|[1-9][0-9]*)");
  private static final Pattern DECIMAL =
      Pattern.compile("[-+]?(0|[1-9][0-9]*)(\\.[0-9]+)?([eE][-+]?[0-9]+)?");
  private static final Pattern NOT_FINITE =
      Pattern.compile("[-+]?\\.(inf|Inf|INF)|\\.(nan|NaN|NAN)");
  private static final int LONGEST_NUMBER = 40;

  private Scalars() {}

  /** A whole number as Jackson reads it, so that equal documents are equal. */
  static JsonNode number(long value) {
    return value == (int) value ? NODES.numberNode((int) value) : NODES.numberNode(value);
  }

  /**
   * The value of a plain scalar; null nodes for nothing.
   *
   * @throws IllegalArgumentException with a sentence for a number that cannot be used
   */
  static JsonNode plain(String text) {
    switch (text) {
      case "", "~", "null", "Null", "NULL" -> {
        return NODES.nullNode();
      }
      case "true", "True", "TRUE" -> {
        return NODES.booleanNode(true);
      }
      case "false", "False", "FALSE" -> {
        return NODES.booleanNode(false);
      }
      default -> {
        return numberOrText(text);
      }
    }
  }

  private static JsonNode numberOrText(String text) {
    char first = text.charAt(0);
    if (first > '9' || (first < '0' && first != '-' && first != '+' && first != '.')) {
      return NODES.stringNode(text);
    }
    if (NOT_FINITE.matcher(text).matches()) {
      throw new IllegalArgumentException("must be a finite number, is " + Quote.text(text));
    }
    if (text.length() <= LONGEST_NUMBER && INTEGER.matcher(text).matches()) {
      return whole(text);
    }
    if (!DECIMAL.matcher(text).matches()) {
      return NODES.stringNode(text);
    }
    double value = text.length() <= LONGEST_NUMBER ? Double.parseDouble(text) : Double.NaN;
    if (!Double.isFinite(value)) {
      throw new IllegalArgumentException("the number " + Quote.text(text) + " is out of range");
    }
    return NODES.numberNode(value);
  }

  private static JsonNode whole(String text) {
    try {
      return number(Long.parseLong(text));
    } catch (NumberFormatException tooBig) {
      throw new IllegalArgumentException("the number " + Quote.text(text) + " is out of range");
    }
  }
}
