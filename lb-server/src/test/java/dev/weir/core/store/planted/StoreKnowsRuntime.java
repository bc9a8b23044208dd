package dev.weir.core.store.planted;

/** Breaks a rule on purpose. */
public final class StoreKnowsRuntime {
  Class<?> known = dev.weir.core.runtime.Snapshot.class;
}
