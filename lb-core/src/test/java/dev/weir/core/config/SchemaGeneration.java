package dev.weir.core.config;

import com.fasterxml.classmate.ResolvedType;
import com.github.victools.jsonschema.generator.CustomDefinition;
import com.github.victools.jsonschema.generator.Option;
import com.github.victools.jsonschema.generator.OptionPreset;
import com.github.victools.jsonschema.generator.SchemaGenerationContext;
import com.github.victools.jsonschema.generator.SchemaGenerator;
import com.github.victools.jsonschema.generator.SchemaGeneratorConfigBuilder;
import com.github.victools.jsonschema.generator.SchemaVersion;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.time.Duration;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Writes the JSON Schema of the configuration from the records and their {@link Describe}
 * annotations. Run by {@link SchemaTest}.
 */
final class SchemaGeneration {
  private static final JsonMapper JSON = JsonMapper.builder().build();

  private SchemaGeneration() {}

  /** The schema as text, with a line end. */
  static String text() {
    ObjectNode schema = generate(LbConfig.class);
    ObjectNode match = generate(MatchConfig.class);
    match.remove("$schema");
    schema.putObject("$defs").set("match", match);
    return JSON.writerWithDefaultPrettyPrinter().writeValueAsString(titled(schema)) + "\n";
  }

  private static ObjectNode generate(Class<?> type) {
    AtomicBoolean root = new AtomicBoolean(true);
    SchemaGeneratorConfigBuilder config =
        new SchemaGeneratorConfigBuilder(SchemaVersion.DRAFT_2020_12, OptionPreset.PLAIN_JSON)
            .with(
                Option.INLINE_ALL_SCHEMAS,
                Option.FORBIDDEN_ADDITIONAL_PROPERTIES_BY_DEFAULT,
                Option.FLATTENED_ENUMS)
            .without(Option.NONPUBLIC_STATIC_FIELDS, Option.PUBLIC_STATIC_FIELDS);
    config
        .forTypesInGeneral()
        .withPropertySorter(Comparator.comparing(member -> member.isFakeContainerItemScope()))
        .withCustomDefinitionProvider(
            (one, context) -> root.getAndSet(false) ? null : custom(one, context));
    ObjectNode schema = new SchemaGenerator(config.build()).generateSchema(type);
    describe(schema, type);
    return schema;
  }

  private static ObjectNode titled(ObjectNode schema) {
    ObjectNode titled = JsonNodeFactory.instance.objectNode();
    titled.set("$schema", schema.get("$schema"));
    titled.put("title", "Configuration of the Weir load balancer");
    ObjectNode include = JsonNodeFactory.instance.objectNode();
    include.set("type", types("string", "array"));
    include.putObject("items").put("type", "string");
    include.put(
        "description",
        "Files only: further files, as globs relative to this one, whose listeners and pools are"
            + " added.");
    ((ObjectNode) schema.get("properties")).set("include", include);
    schema.properties().forEach(member -> titled.set(member.getKey(), member.getValue()));
    return titled;
  }

  /** Types that are written otherwise than their records look. */
  private static CustomDefinition custom(ResolvedType type, SchemaGenerationContext context) {
    ObjectNode node = JsonNodeFactory.instance.objectNode();
    if (type.getErasedType() == HostPort.class || type.getErasedType() == Duration.class) {
      return new CustomDefinition(node.put("type", "string"), true);
    }
    if (type.getErasedType() == Map.class) {
      node.put("type", "object");
      ResolvedType value = type.typeParametersFor(Map.class).get(1);
      node.set("additionalProperties", context.createDefinition(value));
      return new CustomDefinition(node, true);
    }
    if (type.getErasedType() == MatchConfig.class) {
      return new CustomDefinition(
          node.put("$ref", "#/$defs/match"),
          CustomDefinition.DefinitionType.INLINE,
          CustomDefinition.AttributeInclusion.NO);
    }
    if (type.getErasedType() == BalanceConfig.class) {
      node.set("type", types("string", "object"));
      ObjectNode algorithm = node.putObject("properties").putObject("algorithm");
      algorithm.put("type", "string").put("description", "The name of the algorithm.");
      node.putArray("required").add("algorithm");
      return new CustomDefinition(node, true);
    }
    if (type.getErasedType() == AllDownConfig.class) {
      node.set("type", types("string", "object"));
      ObjectNode pool = node.putObject("properties").putObject("pool");
      pool.put("type", "string").put("description", "The pool that stands in.");
      node.putArray("required").add("pool");
      node.put("additionalProperties", false);
      return new CustomDefinition(node, true);
    }
    return null;
  }

  /** Adds what the annotations say, from the outside in. */
  private static void describe(ObjectNode schema, Class<?> type) {
    if (type == BalanceConfig.class) {
      schema.put("additionalProperties", true);
    }
    boolean written = type == BalanceConfig.class || type == AllDownConfig.class;
    if (!type.isRecord() || !schema.has("properties") || written) {
      return;
    }
    ArrayNode required = JsonNodeFactory.instance.arrayNode();
    for (RecordComponent component : type.getRecordComponents()) {
      ObjectNode node = (ObjectNode) schema.get("properties").get(component.getName());
      Describe describe = component.getAnnotation(Describe.class);
      attributes(node, component, describe);
      describe(node, component.getType());
      if (component.getGenericType() instanceof ParameterizedType generic) {
        Type value = generic.getActualTypeArguments()[generic.getActualTypeArguments().length - 1];
        String of = component.getType() == Map.class ? "additionalProperties" : "items";
        describe((ObjectNode) node.get(of), (Class<?>) value);
      }
      if (describe.required()) {
        required.add(component.getName());
      }
    }
    if (!required.isEmpty()) {
      schema.set("required", required);
    }
  }

  private static void attributes(ObjectNode node, RecordComponent component, Describe describe) {
    node.put("description", describe.value());
    ObjectNode textNode = node;
    if (component.getType() == Map.class) {
      if (describe.form() == Form.FREE) {
        node.putObject("propertyNames").put("pattern", Form.NAME.pattern());
      }
      textNode = (ObjectNode) node.get("additionalProperties");
    } else if (component.getName().equals("expect")) {
      node.set("type", types("string", "integer", "array"));
      textNode = (ObjectNode) node.get("items");
      textNode.set("type", types("string", "integer"));
      form(node, describe);
      node.put("minimum", 100).put("maximum", 599).put("minItems", 1);
      textNode.put("minimum", 100).put("maximum", 599);
    } else if (node.path("type").asString("").equals("array")) {
      textNode = (ObjectNode) node.get("items");
    }
    form(textNode, describe);
    bounds(node, describe);
    if (!describe.defaults().isEmpty()) {
      node.set("default", value(describe.defaults(), node));
    }
    if (describe.oneOf().length > 0) {
      ArrayNode allowed = textNode.putArray("enum");
      Arrays.stream(describe.oneOf()).forEach(allowed::add);
    }
  }

  private static void form(ObjectNode node, Describe describe) {
    if (describe.form() != Form.FREE) {
      node.put("format", describe.form().format());
      if (describe.form().pattern() != null) {
        node.put("pattern", describe.form().pattern());
      }
    }
  }

  private static void bounds(ObjectNode node, Describe describe) {
    boolean duration = describe.form() == Form.DURATION;
    boolean number = node.path("type").asString("").equals("integer");
    bound(node, duration ? "x-minimum" : number ? "minimum" : "minLength", describe.min());
    bound(node, duration ? "x-maximum" : number ? "maximum" : "maxLength", describe.max());
  }

  private static void bound(ObjectNode node, String keyword, String value) {
    if (value.isEmpty()) {
      return;
    }
    if (keyword.startsWith("x-")) {
      node.put(keyword, value);
    } else {
      node.put(keyword, Long.parseLong(value));
    }
  }

  private static JsonNode value(String text, ObjectNode node) {
    return switch (node.path("type").asString("")) {
      case "integer", "boolean" -> JSON.readTree(text);
      default -> JsonNodeFactory.instance.stringNode(text);
    };
  }

  private static ArrayNode types(String... names) {
    ArrayNode types = JsonNodeFactory.instance.arrayNode();
    Arrays.stream(names).forEach(types::add);
    return types;
  }
}
