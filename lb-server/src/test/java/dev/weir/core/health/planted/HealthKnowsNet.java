package dev.weir.core.health.planted;

/** Breaks a rule on purpose. */
public final class HealthKnowsNet {
  Class<?> known = dev.weir.core.net.Wheel.class;
}
