package dev.weir.core.net.planted;

/** Breaks a rule on purpose. */
public final class NetKnowsRuntime {
  Class<?> known = dev.weir.core.runtime.Snapshot.class;
}
