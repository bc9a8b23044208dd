package dev.weir.core.pool;

import dev.weir.core.control.ControlLoop;
import dev.weir.core.discovery.Resolver;
import dev.weir.core.health.Checks;
import dev.weir.core.observe.LbObserver;
import java.util.function.Consumer;

/**
 * What all pools of a process share.
 *
 * @param turned told a pool in which somebody is eligible again, or nobody any more; on the control
 *     loop
 */
public record PoolContext(
    Checks checks, Resolver resolver, LbObserver observer, Consumer<Pool> turned) {
  ControlLoop loop() {
    return checks.loop();
  }
}
