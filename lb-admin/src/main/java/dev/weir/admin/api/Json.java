package dev.weir.admin.api;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.regex.Pattern;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/** JSON as the admin API reads and writes it: bounded and strict in, indented out. */
final class Json {
  /** Objects and arrays within each other. */
  static final int MAX_DEPTH = 64;

  private static final int MAX_ECHO = 256;

  private static final JsonMapper MAPPER =
      JsonMapper.builder(
              JsonFactory.builder()
                  .streamReadConstraints(
                      StreamReadConstraints.builder()
                          .maxNestingDepth(MAX_DEPTH)
                          .maxNumberLength(64)
                          .maxNameLength(1024)
                          .maxStringLength(1 << 20)
                          .build())
                  .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                  .build())
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .enable(SerializationFeature.INDENT_OUTPUT)
          .build();

  private static final Pattern FOLDERS = Pattern.compile("(?<![\\w/])/(?:[^\\s/:]+/)+");

  private Json() {}

  /**
   * Reads one JSON value.
   *
   * @throws Reply 400 that says where it is malformed
   */
  static JsonNode read(byte[] body) {
    JsonNode node;
    try {
      node = MAPPER.readTree(text(body));
    } catch (JacksonException malformed) {
      var at = malformed.getLocation();
      String where =
          at == null ? "" : "line " + at.getLineNr() + ", column " + at.getColumnNr() + ": ";
      throw Reply.of(400, "malformed JSON", where + printable(malformed.getOriginalMessage()));
    }
    if (node == null || node.isMissingNode()) {
      throw Reply.of(400, "malformed JSON", "the body is empty; a JSON object is expected");
    }
    finite(node);
    return node;
  }

  // Jackson takes overlong forms; RFC 3629 does not.
  private static String text(byte[] body) {
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(body)).toString();
    } catch (CharacterCodingException malformed) {
      throw Reply.of(400, "malformed JSON", "the body is not UTF-8");
    }
  }

  private static void finite(JsonNode node) {
    if (node.isFloatingPointNumber() && !Double.isFinite(node.doubleValue())) {
      throw Reply.of(400, "malformed JSON", "a number is out of range");
    }
    node.forEach(Json::finite);
  }

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
