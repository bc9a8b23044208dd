package dev.weir.core.config;

import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * The JSON Schema (2020-12) of the configuration. Generated from the records by a test, committed,
 * served by the API, used by {@link ConfigBinder}. No combinations, and one definition that is
 * referred to: that of conditions, which nest.
 */
public final class ConfigSchema {
  private static final String RESOURCE = "schema.json";

  private final JsonNode tree;
  private final Schema validator;

  /** Reads the schema. */
  public ConfigSchema() {
    tree = JsonMapper.builder().build().readTree(text());
    validator =
        SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
            .getSchema(checked(tree));
  }

  /** The schema without what only editors and {@link FormCheck} read. */
  private static JsonNode checked(JsonNode schema) {
    ObjectNode copy = JsonNodeFactory.instance.objectNode();
    for (Map.Entry<String, JsonNode> member : schema.properties()) {
      JsonNode value = member.getValue();
      switch (member.getKey()) {
        case "description", "default", "title", "format", "pattern", "propertyNames" -> {}
        case "x-minimum", "x-maximum" -> {}
        case "properties", "$defs" -> {
          ObjectNode properties = copy.putObject(member.getKey());
          value.properties().forEach(p -> properties.set(p.getKey(), checked(p.getValue())));
        }
        case "items" -> copy.set("items", checked(value));
        case "additionalProperties" ->
            copy.set("additionalProperties", value.isObject() ? checked(value) : value);
        default -> copy.set(member.getKey(), value);
      }
    }
    return copy;
  }

  /** The schema as JSON text. */
  public static String text() {
    try (InputStream in = ConfigSchema.class.getResourceAsStream(RESOURCE)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  JsonNode tree() {
    return tree;
  }

  Schema validator() {
    return validator;
  }

  /** The schema of a member of an object; null when the schema says nothing of it. */
  JsonNode member(JsonNode schema, String key) {
    if (schema == null) {
      return null;
    }
    JsonNode known = schema.path("properties").get(key);
    JsonNode other = schema.get("additionalProperties");
    return meant(known != null ? known : other != null && other.isObject() ? other : null);
  }

  /** The schema of the elements of a list; null when the schema says nothing of them. */
  JsonNode element(JsonNode schema) {
    return schema == null ? null : meant(schema.get("items"));
  }

  private JsonNode meant(JsonNode schema) {
    JsonNode reference = schema == null ? null : schema.get("$ref");
    return reference == null ? schema : tree.at(reference.stringValue().substring(1));
  }

  /** Whether values of this JSON type are allowed. */
  static boolean allows(JsonNode schema, String type) {
    JsonNode types = schema == null ? null : schema.get("type");
    if (types == null) {
      return true;
    }
    if (types.isString()) {
      return types.stringValue().equals(type);
    }
    for (JsonNode one : types) {
      if (one.stringValue().equals(type)) {
        return true;
      }
    }
    return false;
  }

  /** The form of texts here; {@link Form#FREE} when the schema names none. */
  static Form form(JsonNode schema) {
    JsonNode format = schema == null ? null : schema.get("format");
    return format == null ? Form.FREE : Form.ofFormat(format.stringValue()).orElse(Form.FREE);
  }
}
