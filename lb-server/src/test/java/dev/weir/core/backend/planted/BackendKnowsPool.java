package dev.weir.core.backend.planted;

/** Breaks a rule on purpose. */
public final class BackendKnowsPool {
  Class<?> known = dev.weir.core.pool.Pool.class;
}
