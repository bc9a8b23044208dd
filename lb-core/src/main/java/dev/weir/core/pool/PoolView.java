package dev.weir.core.pool;

import dev.weir.core.backend.Backend;
import dev.weir.core.balance.PickContext;
import dev.weir.core.balance.Picker;
import dev.weir.core.config.PoolConfig;
import java.util.List;

/**
 * A pool at one moment; immutable.
 *
 * @param groups pickers in order of preference: the first that gives a backend decides
 */
record PoolView(PoolConfig config, List<Backend> backends, List<Picker> groups) {
  Backend pick(PickContext context) {
    for (int i = 0; i < groups.size(); i++) {
      Backend backend = groups.get(i).pick(context);
      if (backend != null) {
        return backend;
      }
    }
    return null;
  }
}
