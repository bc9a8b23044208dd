package dev.weir.core.config;

import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Replaces references to the environment and to files by what they stand for, in a copy. The schema
 * decides what a value that is one whole reference becomes: a text where texts are allowed, else a
 * whole number or a boolean if it looks like one. Used by {@link ConfigBinder}, once.
 */
final class Resolver {
  private final ConfigSchema rules;
  private final Function<String, String> environment;
  private final Problems problems;
  private final Set<String> resolved = new HashSet<>();

  Resolver(ConfigSchema rules, Function<String, String> environment, Problems problems) {
    this.rules = rules;
    this.environment = environment;
    this.problems = problems;
  }

  /** The tree without references; the same object when it has none. */
  JsonNode resolve(JsonNode tree) {
    return value("", tree, rules.tree());
  }

  /** Whether the value at this pointer came out of a reference and must not be shown. */
  boolean hides(String pointer) {
    return resolved.contains(pointer);
  }

  private JsonNode value(String path, JsonNode node, JsonNode schema) {
    if (node.isObject()) {
      return object(path, node, schema);
    }
    if (node.isArray()) {
      return list(path, node, schema);
    }
    return node.isString() ? text(path, node, schema) : node;
  }

  private JsonNode object(String path, JsonNode node, JsonNode schema) {
    Map<String, JsonNode> members = new LinkedHashMap<>();
    boolean same = true;
    for (Map.Entry<String, JsonNode> member : node.properties()) {
      String key = member.getKey();
      JsonNode is = value(Pointers.child(path, key), member.getValue(), rules.member(schema, key));
      members.put(key, is);
      same &= is.equals(member.getValue());
    }
    if (same) {
      return node;
    }
    ObjectNode copy = JsonNodeFactory.instance.objectNode();
    copy.setAll(members);
    return copy;
  }

  private JsonNode list(String path, JsonNode node, JsonNode schema) {
    ArrayNode copy = JsonNodeFactory.instance.arrayNode();
    for (int i = 0; i < node.size(); i++) {
      copy.add(value(Pointers.child(path, i), node.get(i), rules.element(schema)));
    }
    return copy;
  }

  private JsonNode text(String path, JsonNode node, JsonNode schema) {
    String before = node.stringValue();
    String after = before;
    if (before.contains("${")) {
      after = EnvText.resolve(before, environment, message -> problems.add(path, message));
    }
    boolean mayBeInFile = ConfigSchema.form(schema).mayBeInFile();
    if (mayBeInFile && References.isFile(after)) {
      Optional<String> content =
          Secrets.read(References.path(after), message -> problems.addFirst(path, message));
      after = content.orElse("");
    }
    if (after.equals(before)) {
      return node;
    }
    resolved.add(path);
    return EnvText.isReference(before)
        ? typed(after, schema)
        : JsonNodeFactory.instance.stringNode(after);
  }

  private static JsonNode typed(String text, JsonNode schema) {
    boolean wantsText = ConfigSchema.allows(schema, "string");
    if (!wantsText && text.matches("-?\\d{1,18}")) {
      return Scalars.number(Long.parseLong(text));
    }
    if (!wantsText && (text.equals("true") || text.equals("false"))) {
      return JsonNodeFactory.instance.booleanNode(text.equals("true"));
    }
    return JsonNodeFactory.instance.stringNode(text);
  }
}
