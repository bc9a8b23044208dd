package dev.weir.core.plantedone;

/** Breaks a rule on purpose. */
public final class CycleOne {
  Class<?> known = dev.weir.core.plantedtwo.CycleTwo.class;
}
