package dev.weir.core.config;

import java.time.Duration;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/**
 * Walks a tree along with the schema and checks what texts must look like: addresses, durations,
 * names and so on. Values of a wrong type are passed over. Used by {@link ConfigBinder}.
 */
final class FormCheck {
  private final ConfigSchema rules;
  private final Shown shown;
  private final Problems problems;

  FormCheck(ConfigSchema rules, Shown shown, Problems problems) {
    this.rules = rules;
    this.shown = shown;
    this.problems = problems;
  }

  /** Checks a value and all inside it. */
  void check(String path, JsonNode node, JsonNode schema) {
    if (schema == null || problems.isFull()) {
      return;
    }
    if (node.isObject()) {
      object(path, node, schema);
    } else if (node.isArray()) {
      JsonNode element = rules.element(schema);
      for (int i = 0; i < node.size(); i++) {
        check(Pointers.child(path, i), node.get(i), element);
      }
    } else if (node.isString()) {
      text(path, node.stringValue(), schema);
    }
  }

  private void object(String path, JsonNode node, JsonNode schema) {
    boolean named = schema.has("propertyNames");
    boolean headers = ConfigSchema.form(schema.get("additionalProperties")) == Form.HEADER_VALUE;
    for (Map.Entry<String, JsonNode> member : node.properties()) {
      String key = member.getKey();
      String child = Pointers.child(path, key);
      if (named) {
        Form.NAME.wrong(key).ifPresent(sentence -> problems.addFirst(child, sentence));
      } else if (headers) {
        Form.wrongHeaderName(key).ifPresent(sentence -> problems.addFirst(child, sentence));
      }
      check(child, member.getValue(), rules.member(schema, key));
    }
  }

  private void text(String path, String text, JsonNode schema) {
    Form form = ConfigSchema.form(schema);
    String sentence = form.wrong(text).orElse(null);
    if (sentence == null && form == Form.DURATION) {
      sentence = outOfRange(Durations.parse(text), path, schema);
    }
    if (sentence == null) {
      return;
    }
    boolean secret = shown.hides(path) && !form.mayBeInFile();
    problems.addFirst(path, secret ? shown.at(path) + " is not " + what(form) : sentence);
  }

  private String outOfRange(Duration duration, String path, JsonNode schema) {
    JsonNode min = schema.get("x-minimum");
    JsonNode max = schema.get("x-maximum");
    boolean small = min != null && duration.compareTo(Durations.parse(min.stringValue())) < 0;
    boolean great = max != null && duration.compareTo(Durations.parse(max.stringValue())) > 0;
    if (!small && !great) {
      return null;
    }
    return "must be " + min.stringValue() + ".." + max.stringValue() + ", is " + shown.at(path);
  }

  private static String what(Form form) {
    return switch (form) {
      case BIND, LISTEN, ADDRESS -> "host:port";
      case DURATION -> "a duration that is allowed here";
      case CIDR -> "a network";
      case STATUS -> "a status code or range";
      default -> "allowed here";
    };
  }
}
