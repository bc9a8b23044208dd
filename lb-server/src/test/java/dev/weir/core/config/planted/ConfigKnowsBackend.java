package dev.weir.core.config.planted;

/** Breaks a rule on purpose. */
public final class ConfigKnowsBackend {
  Class<?> known = dev.weir.core.backend.Backend.class;
}
