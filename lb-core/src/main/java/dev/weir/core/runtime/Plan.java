package dev.weir.core.runtime;

import dev.weir.core.config.LbConfig;
import dev.weir.core.config.PoolConfig;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.BiPredicate;

/**
 * The difference between two configurations, as objects to add, change and remove. Lines are names:
 * {@code listeners/web}, {@code pools/web}, {@code pools/web/backends/web-1}. The backends of a
 * pool that is added or removed as a whole are not listed.
 */
public record Plan(List<String> added, List<String> changed, List<String> removed) {
  /** Whether there is no difference. */
  public boolean isEmpty() {
    return added.isEmpty() && changed.isEmpty() && removed.isEmpty();
  }

  /** What has to be done to get from one configuration to the other. */
  public static Plan between(LbConfig before, LbConfig after) {
    Plan plan = new Plan(new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
    plan.compare("listeners/", before.listeners(), after.listeners(), Objects::equals);
    plan.compare("pools/", before.pools(), after.pools(), Plan::sameSettings);
    for (Map.Entry<String, PoolConfig> pool : after.pools().entrySet()) {
      PoolConfig old = before.pools().get(pool.getKey());
      if (old != null) {
        String prefix = "pools/" + pool.getKey() + "/backends/";
        plan.compare(prefix, old.backends(), pool.getValue().backends(), Objects::equals);
      }
    }
    return new Plan(List.copyOf(plan.added), List.copyOf(plan.changed), List.copyOf(plan.removed));
  }

  /** Whether two pools differ in their backends at most. */
  static boolean sameSettings(PoolConfig a, PoolConfig b) {
    return a.withBackends(Map.of()).equals(b.withBackends(Map.of()));
  }

  private <T> void compare(
      String prefix, Map<String, T> before, Map<String, T> after, BiPredicate<T, T> same) {
    for (Map.Entry<String, T> entry : after.entrySet()) {
      T old = before.get(entry.getKey());
      if (old == null) {
        added.add(prefix + entry.getKey());
      } else if (!same.test(old, entry.getValue())) {
        changed.add(prefix + entry.getKey());
      }
    }
    for (String name : before.keySet()) {
      if (!after.containsKey(name)) {
        removed.add(prefix + name);
      }
    }
  }
}
