package dev.weir.core.config;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.databind.DatabindException;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.deser.std.StdDeserializer;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.module.SimpleModule;

/** Binds a checked tree to the records. Used by {@link ConfigBinder}. */
final class RecordMapper {
  private final JsonMapper mapper;

  RecordMapper() {
    SimpleModule module = new SimpleModule();
    module.addDeserializer(HostPort.class, new HostPorts());
    module.addDeserializer(Duration.class, new DurationTexts());
    module.addDeserializer(BalanceConfig.class, new Balances());
    module.addDeserializer(AllDownConfig.class, new AllDowns());
    mapper =
        JsonMapper.builder()
            .addModule(module)
            .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .enable(DeserializationFeature.ACCEPT_SINGLE_VALUE_AS_ARRAY)
            .build();
  }

  LbConfig bind(JsonNode tree) {
    return mapper.treeToValue(tree, LbConfig.class);
  }

  /** The JSON pointer that a failure is about. */
  static String path(JacksonException e) {
    StringBuilder path = new StringBuilder();
    if (e instanceof DatabindException failure) {
      for (JacksonException.Reference step : failure.getPath()) {
        String name = step.getPropertyName();
        path.append(Pointers.child("", name == null ? Integer.toString(step.getIndex()) : name));
      }
    }
    return path.toString();
  }

  private static final class HostPorts extends StdDeserializer<HostPort> {
    HostPorts() {
      super(HostPort.class);
    }

    @Override
    public HostPort deserialize(JsonParser parser, DeserializationContext context) {
      return HostPort.read(parser.getString());
    }
  }

  private static final class DurationTexts extends StdDeserializer<Duration> {
    DurationTexts() {
      super(Duration.class);
    }

    @Override
    public Duration deserialize(JsonParser parser, DeserializationContext context) {
      return Durations.parse(parser.getString());
    }
  }

  /** A name, or a map whose other keys are options. */
  private static final class Balances extends StdDeserializer<BalanceConfig> {
    Balances() {
      super(BalanceConfig.class);
    }

    @Override
    public BalanceConfig deserialize(JsonParser parser, DeserializationContext context) {
      JsonNode node = context.readTree(parser);
      if (node.isString()) {
        return new BalanceConfig(node.stringValue(), null);
      }
      Map<String, Object> options = new LinkedHashMap<>();
      for (Map.Entry<String, JsonNode> member : node.properties()) {
        if (!member.getKey().equals("algorithm")) {
          options.put(member.getKey(), context.readTreeAsValue(member.getValue(), Object.class));
        }
      }
      return new BalanceConfig(node.get("algorithm").stringValue(), options);
    }
  }

  /** A word, or a map that names a pool. */
  private static final class AllDowns extends StdDeserializer<AllDownConfig> {
    AllDowns() {
      super(AllDownConfig.class);
    }

    @Override
    public AllDownConfig deserialize(JsonParser parser, DeserializationContext context) {
      JsonNode node = context.readTree(parser);
      return node.isString()
          ? AllDownConfig.parse(node.stringValue())
          : AllDownConfig.pool(node.get("pool").stringValue());
    }
  }
}
