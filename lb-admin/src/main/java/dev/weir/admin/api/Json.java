package dev.weir.admin.api;

import java.util.Arrays;
import java.util.regex.Pattern;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/** What the admin API writes: indented JSON, and text of others that may stand in it. */
final class Json {
  private static final int MAX_ECHO = 256;

  private static final JsonMapper MAPPER =
      JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

  private static final Pattern FOLDERS = Pattern.compile("(?<![\\w/])/(?:[^\\s/:]+/)+");

  private Json() {}

  /** Text of the caller, or about it, as it may stand in an answer: one short printable line. */
  static String printable(String text) {
    StringBuilder safe = new StringBuilder();
    text.codePoints().limit(MAX_ECHO).forEach(c -> safe.appendCodePoint(isPrintable(c) ? c : '?'));
    return text.codePointCount(0, text.length()) > MAX_ECHO ? safe + "..." : safe.toString();
  }

  /** The same with the folders of absolute file paths left out. */
  static String withoutPaths(String text) {
    return printable(FOLDERS.matcher(text).replaceAll(""));
  }

  private static boolean isPrintable(int c) {
    int type = Character.getType(c);
    return type != Character.CONTROL
        && type != Character.FORMAT
        && type != Character.SURROGATE
        && type != Character.LINE_SEPARATOR
        && type != Character.PARAGRAPH_SEPARATOR
        && type != Character.UNASSIGNED;
  }

  /** A record or tree as UTF-8, ending in a line feed. */
  static byte[] write(Object value) {
    byte[] json = MAPPER.writeValueAsBytes(value);
    byte[] line = Arrays.copyOf(json, json.length + 1);
    line[json.length] = '\n';
    return line;
  }
}
