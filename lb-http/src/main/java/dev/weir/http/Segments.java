package dev.weir.http;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A path pattern: {@code /users/{id}/orders}. A variable stands for one segment that is not empty;
 * one with a star, {@code {rest*}}, which only the last can have, for all that is left, empty or
 * not. Immutable.
 */
final class Segments {
  private final byte[][] literals;
  private final boolean open;
  private final Map<String, Integer> variables;

  private Segments(byte[][] literals, boolean open, Map<String, Integer> variables) {
    this.literals = literals;
    this.open = open;
    this.variables = variables;
  }

  /**
   * Reads a pattern.
   *
   * @throws IllegalArgumentException with a sentence that says what is wrong
   */
  static Segments of(String pattern) {
    if (!pattern.startsWith("/")) {
      throw new IllegalArgumentException("must begin with /");
    }
    String[] parts = pattern.substring(1).split("/", -1);
    byte[][] literals = new byte[parts.length][];
    Map<String, Integer> variables = new LinkedHashMap<>();
    boolean open = false;
    for (int i = 0; i < parts.length; i++) {
      String part = parts[i];
      if (part.indexOf('{') < 0 && part.indexOf('}') < 0) {
        literals[i] = Chars.bytes(part);
        continue;
      }
      boolean star = part.endsWith("*}");
      String name = part.replaceFirst("\\*?}$", "").replaceFirst("^\\{", "");
      if (!part.matches("\\{[a-z][a-z0-9_]*\\*?}") || Template.isReserved(name)) {
        throw new IllegalArgumentException(
            "'"
                + part
                + "' must be a whole segment {name}, of small letters, digits and _, and none of "
                + Template.reserved());
      }
      if (star && i < parts.length - 1) {
        throw new IllegalArgumentException("'" + part + "' can only be the last segment");
      }
      if (variables.put(name, variables.size()) != null) {
        throw new IllegalArgumentException("the variable {" + name + "} is there twice");
      }
      open |= star;
    }
    return new Segments(literals, open, variables);
  }

  /** The same pattern for paths whose percent-encodings are decoded. */
  Segments decoded() {
    byte[][] plain = new byte[literals.length][];
    for (int i = 0; i < plain.length; i++) {
      plain[i] = literals[i] == null ? null : PathViews.decode(literals[i]);
    }
    return new Segments(plain, open, variables);
  }

  Map<String, Integer> variables() {
    return variables;
  }

  /**
   * Whether a path matches.
   *
   * @param found takes where the variables stand, begin and end of each; may be null
   */
  boolean match(byte[] path, int from, int to, int[] found) {
    int at = from;
    int variable = 0;
    for (int i = 0; i < literals.length; i++) {
      if (at >= to || path[at] != '/') {
        return false;
      }
      int start = at + 1;
      boolean last = i == literals.length - 1;
      int end = start;
      if (last && open) {
        end = to;
      } else {
        while (end < to && path[end] != '/') {
          end++;
        }
      }
      byte[] literal = literals[i];
      if (literal == null) {
        if (start == end && !(last && open)) {
          return false;
        }
        if (found != null) {
          found[variable * 2] = start;
          found[variable * 2 + 1] = end;
        }
        variable++;
      } else if (!Chars.equalsExact(path, start, end, literal)) {
        return false;
      }
      at = end;
    }
    return at == to;
  }
}
