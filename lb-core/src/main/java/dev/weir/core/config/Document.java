package dev.weir.core.config;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * A configuration as text has it: a JSON tree before references are resolved and defaults filled
 * in, and where each value came from. Immutable: no caller changes the tree.
 */
public final class Document {
  private static final JsonMapper JSON = JsonMapper.builder().build();

  private final JsonNode tree;
  private final Map<String, Origin> origins;

  /** A place in a file; lines count from 1. */
  public record Origin(String file, int line) {}

  /**
   * A document.
   *
   * @param origins by JSON pointer; may lack entries
   */
  public Document(JsonNode tree, Map<String, Origin> origins) {
    this.tree = tree;
    this.origins = Map.copyOf(origins);
  }

  /** A document that did not come from a file. */
  public static Document of(JsonNode tree) {
    return new Document(tree, Map.of());
  }

  /** An empty object. */
  public static Document empty() {
    return of(JsonNodeFactory.instance.objectNode());
  }

  /** The tree; read only. */
  public JsonNode tree() {
    return tree;
  }

  /** Where values came from, by JSON pointer. */
  public Map<String, Origin> origins() {
    return origins;
  }

  /** SHA-256, in hex, of the tree as JSON with sorted keys. */
  public String hash() {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      byte[] bytes = JSON.writeValueAsString(sorted(tree)).getBytes(StandardCharsets.UTF_8);
      return HexFormat.of().formatHex(digest.digest(bytes));
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  private static JsonNode sorted(JsonNode node) {
    if (node.isObject()) {
      ObjectNode copy = JsonNodeFactory.instance.objectNode();
      node.propertyNames().stream().sorted().forEach(k -> copy.set(k, sorted(node.get(k))));
      return copy;
    }
    if (node.isArray()) {
      var copy = JsonNodeFactory.instance.arrayNode();
      node.forEach(element -> copy.add(sorted(element)));
      return copy;
    }
    return node;
  }

  /** Same tree. */
  @Override
  public boolean equals(Object other) {
    return other instanceof Document document && document.tree.equals(tree);
  }

  @Override
  public int hashCode() {
    return tree.hashCode();
  }

  @Override
  public String toString() {
    return tree.toPrettyString();
  }
}
