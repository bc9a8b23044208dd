package dev.weir.core.runtime;

import java.util.List;

/**
 * The difference between two configurations, as objects to add, change and remove. Lines are names:
 * {@code listeners/web}, {@code pools/web}, {@code pools/web/backends/web-1}.
 */
public record Plan(List<String> added, List<String> changed, List<String> removed) {
  /** Whether there is no difference. */
  public boolean isEmpty() {
    return added.isEmpty() && changed.isEmpty() && removed.isEmpty();
  }
}
