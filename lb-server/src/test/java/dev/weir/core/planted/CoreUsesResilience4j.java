package dev.weir.core.planted;

/** Breaks a rule on purpose. */
public final class CoreUsesResilience4j {
  Class<?> known = io.github.resilience4j.circuitbreaker.CircuitBreaker.class;
}
