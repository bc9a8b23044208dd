package dev.weir.core.balance;

import dev.weir.core.backend.Backend;

/**
 * Chooses from a fixed list, skipping what the context has tried and what is no longer eligible.
 * Called from every event loop at once: it may change its own atomics, nothing else.
 */
@FunctionalInterface
public interface Picker {
  /** The choice; null when none will do. */
  Backend pick(PickContext context);
}
