package dev.weir.core.config;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HashMap;
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

  /** Ends the search for a place at a value that no file has. */
  private static final Origin NOWHERE = new Origin("", 0);

  private final JsonNode tree;
  private final Map<String, Origin> origins;

  /** A place in a file; lines count from 1. */
  public record Origin(String file, int line) {}

  /**
   * A document.
   *
   * @param origins by JSON pointer; a value that lacks one stands where its parent does
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

  /**
   * Where values came from, by JSON pointer; a value that is not in it stands where its parent
   * does.
   */
  public Map<String, Origin> origins() {
    return origins;
  }

  /**
   * Where the value at a JSON pointer came from: its own place, else that of the nearest value
   * around it; null when nothing is known.
   */
  public Origin origin(String pointer) {
    for (String at = pointer; at != null; at = Pointers.parent(at)) {
      Origin origin = origins.get(at);
      if (origin != null) {
        return origin.equals(NOWHERE) ? null : origin;
      }
    }
    return null;
  }

  /** The problem with file and line filled in, as far as they are known. */
  public Problem locate(Problem problem) {
    Origin origin = problem.file().isEmpty() ? origin(problem.path()) : null;
    return origin == null
        ? problem
        : new Problem(origin.file(), origin.line(), problem.path(), problem.message());
  }

  /**
   * Another tree made from this one by changes: what is the same keeps its place, what differs has
   * none.
   */
  public Document derive(JsonNode changed) {
    if (origins.isEmpty() || changed.equals(tree)) {
      return new Document(changed, origins);
    }
    Map<String, Origin> kept = new HashMap<>();
    keep("", tree, changed, kept);
    return new Document(changed, kept);
  }

  private void keep(String pointer, JsonNode was, JsonNode is, Map<String, Origin> kept) {
    boolean objects = was.isObject() && is.isObject();
    if (!objects && !was.equals(is)) {
      kept.put(pointer, NOWHERE);
      return;
    }
    Origin origin = origins.get(pointer);
    if (origin != null) {
      kept.put(pointer, origin);
    }
    if (objects) {
      is.propertyStream().forEach(member -> keepMember(pointer, was, member, kept));
    } else if (is.isArray()) {
      for (int i = 0; i < is.size(); i++) {
        keep(Pointers.child(pointer, i), was.get(i), is.get(i), kept);
      }
    }
  }

  private void keepMember(
      String pointer, JsonNode was, Map.Entry<String, JsonNode> member, Map<String, Origin> kept) {
    String child = Pointers.child(pointer, member.getKey());
    JsonNode before = was.get(member.getKey());
    if (before == null) {
      kept.put(child, NOWHERE);
    } else {
      keep(child, before, member.getValue(), kept);
    }
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
