package dev.weir.core.pool.planted;

/** Breaks a rule on purpose. */
public final class PoolKnowsNet {
  Class<?> known = dev.weir.core.net.Wheel.class;
}
