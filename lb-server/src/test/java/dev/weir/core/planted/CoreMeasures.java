package dev.weir.core.planted;

/** Breaks a rule on purpose. */
public final class CoreMeasures {
  Class<?> known = io.micrometer.core.instrument.Counter.class;
}
