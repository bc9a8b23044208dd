package dev.weir.core.config;

import com.networknt.schema.Error;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;

/**
 * Validates a tree against the schema and says what is wrong in sentences of our own. Used by
 * {@link ConfigBinder}.
 */
final class SchemaCheck {
  private final ConfigSchema schema;

  SchemaCheck(ConfigSchema schema) {
    this.schema = schema;
  }

  /**
   * Checks structure, types, ranges and names; what texts must look like is for {@link FormCheck}.
   *
   * @param shown how to show the value at a pointer
   */
  void check(JsonNode tree, Shown shown, Problems problems) {
    for (Error error : schema.validator().validate(tree)) {
      if (problems.isFull()) {
        return;
      }
      report(error, shown, problems);
    }
  }

  private void report(Error error, Shown shown, Problems problems) {
    String path = error.getInstanceLocation().toString();
    JsonNode rule = rule(error);
    switch (error.getKeyword()) {
      case "additionalProperties" -> {
        String key = error.getProperty();
        List<String> known = new ArrayList<>(rule.path("properties").propertyNames());
        problems.addFirst(Pointers.child(path, key), unknown(key, known));
      }
      case "required" -> problems.add(path, Quote.text(error.getProperty()) + " is missing");
      case "type" -> problems.addFirst(path, "must be " + types(rule) + ", is " + shown.at(path));
      case "minimum", "maximum" -> problems.addFirst(path, range(rule, shown.at(path)));
      case "enum" -> problems.addFirst(path, choice(rule, error.getInstanceNode(), shown.at(path)));
      case "minLength" -> problems.addFirst(path, "must not be empty");
      case "minItems" -> problems.addFirst(path, "must not be an empty list");
      default -> problems.addFirst(path, error.getMessage());
    }
  }

  /** The part of the schema that was broken. */
  private JsonNode rule(Error error) {
    String location = error.getSchemaLocation().getFragment().toString();
    String parent = Pointers.parent(location);
    return schema.tree().at(parent == null ? "" : parent);
  }

  private static String unknown(String key, List<String> known) {
    String hint = Suggest.hint(key, known);
    if (hint.isEmpty()) {
      hint = known.isEmpty() ? "; no key is known here" : "; known are " + String.join(", ", known);
    }
    return "unknown key " + Quote.text(key) + hint;
  }

  private static String types(JsonNode rule) {
    JsonNode types = rule.get("type");
    if (types.isString()) {
      return type(types.stringValue());
    }
    return types
        .valueStream()
        .map(one -> type(one.stringValue()))
        .collect(Collectors.joining(" or "));
  }

  private static String type(String name) {
    return switch (name) {
      case "object" -> "a map";
      case "array" -> "a list";
      case "string" -> "text";
      case "integer" -> "a whole number";
      case "boolean" -> "true or false";
      default -> "a " + name;
    };
  }

  private static String range(JsonNode rule, String shown) {
    JsonNode min = rule.get("minimum");
    JsonNode max = rule.get("maximum");
    String range =
        max == null
            ? "at least " + min.asString()
            : min == null ? "at most " + max.asString() : min.asString() + ".." + max.asString();
    return "must be " + range + ", is " + shown;
  }

  private static String choice(JsonNode rule, JsonNode value, String shown) {
    List<String> allowed = rule.get("enum").valueStream().map(JsonNode::asString).toList();
    String hint =
        value != null && value.isString() ? Suggest.hint(value.stringValue(), allowed) : "";
    return "must be one of " + String.join(", ", allowed) + ", is " + shown + hint;
  }
}
