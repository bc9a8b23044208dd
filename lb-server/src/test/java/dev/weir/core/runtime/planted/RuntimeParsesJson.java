package dev.weir.core.runtime.planted;

/** Breaks a rule on purpose. */
public final class RuntimeParsesJson {
  Class<?> known = tools.jackson.databind.json.JsonMapper.class;
}
