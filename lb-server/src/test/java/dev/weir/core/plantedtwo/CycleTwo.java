package dev.weir.core.plantedtwo;

/** Breaks a rule on purpose. */
public final class CycleTwo {
  Class<?> known = dev.weir.core.plantedone.CycleOne.class;
}
