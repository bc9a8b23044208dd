package dev.weir.http;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/**
 * A text with variables, {@code https://{host}/new{rest}}; two braces stand for one. Read when a
 * configuration is checked and when it is applied, written for requests. Immutable. What it writes
 * is made of its own literals and of parts of a request that the parser has validated, so it holds
 * no line end if the literals hold none.
 */
final class Template {
  static final int SCHEME = -1;
  static final int HOST = -2;
  static final int PATH = -3;
  static final int QUERY = -4;
  static final int SOURCE = -5;
  static final int REQUEST_ID = -6;

  private static final Map<String, Integer> BUILT_IN =
      Map.of(
          "scheme", SCHEME,
          "host", HOST,
          "path", PATH,
          "query", QUERY,
          "source", SOURCE,
          "request_id", REQUEST_ID);

  /** Literal bytes at even places; what stands between them is in {@link #variables}. */
  private final byte[][] literals;

  private final int[] variables;

  private Template(List<byte[]> literals, List<Integer> variables) {
    this.literals = literals.toArray(byte[][]::new);
    this.variables = variables.stream().mapToInt(Integer::intValue).toArray();
  }

  static boolean isReserved(String name) {
    return BUILT_IN.containsKey(name) || name.equals(Path.REST);
  }

  /** The names that patterns cannot take. */
  static String reserved() {
    return String.join(", ", new TreeSet<>(BUILT_IN.keySet())) + " and " + Path.REST;
  }

  /**
   * Reads a template.
   *
   * @param captured variables of the path, with their places
   * @throws IllegalArgumentException with a sentence that says what is wrong and shows no part of
   *     the text but the name of a variable
   */
  static Template of(String text, Map<String, Integer> captured) {
    List<byte[]> literals = new ArrayList<>();
    List<Integer> variables = new ArrayList<>();
    StringBuilder literal = new StringBuilder();
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      boolean twice = i + 1 < text.length() && text.charAt(i + 1) == c;
      if (c != '{' && c != '}') {
        literal.append(c);
      } else if (twice) {
        literal.append(c);
        i++;
      } else {
        int end = c == '{' ? text.indexOf('}', i) : -1;
        if (end < 0) {
          throw new IllegalArgumentException("a brace stands alone; write it twice to mean one");
        }
        variables.add(variable(text.substring(i + 1, end), captured));
        literals.add(literal.toString().getBytes(StandardCharsets.UTF_8));
        literal.setLength(0);
        i = end;
      }
    }
    literals.add(literal.toString().getBytes(StandardCharsets.UTF_8));
    return new Template(literals, variables);
  }

  private static int variable(String name, Map<String, Integer> captured) {
    Integer place = captured.getOrDefault(name, BUILT_IN.get(name));
    if (place == null) {
      String shown = name.matches("[A-Za-z0-9_]{1,40}") ? "{" + name + "}" : "what the braces name";
      TreeSet<String> known = new TreeSet<>(BUILT_IN.keySet());
      known.addAll(captured.keySet());
      throw new IllegalArgumentException(
          shown
              + " is no variable here; known are "
              + String.join(", ", known)
              + "; write braces twice to mean them");
    }
    return place;
  }

  /** What it is without its variables, as text. */
  String literals() {
    StringBuilder all = new StringBuilder();
    for (byte[] literal : literals) {
      all.append(new String(literal, StandardCharsets.UTF_8));
    }
    return all.toString();
  }

  /** What it begins with, before the first variable. */
  String beginning() {
    return new String(literals[0], StandardCharsets.UTF_8);
  }

  boolean hasVariables() {
    return variables.length > 0;
  }

  /** Writes it with the variables of a request; those may be null if it has none. */
  void write(Variables values, HeadWriter out) {
    out.add(literals[0]);
    for (int i = 0; i < variables.length; i++) {
      values.write(variables[i], out);
      out.add(literals[i + 1]);
    }
  }
}
