package dev.weir.core.planted;

/** Breaks a rule on purpose. */
public final class CoreParsesJson {
  Class<?> known = tools.jackson.databind.JsonNode.class;
}
