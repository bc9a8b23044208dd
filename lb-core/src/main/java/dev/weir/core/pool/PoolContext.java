package dev.weir.core.pool;

import dev.weir.core.control.ControlLoop;
import dev.weir.core.discovery.Resolver;
import dev.weir.core.health.Checks;
import dev.weir.core.observe.LbObserver;

/** What all pools of a process share. */
public record PoolContext(Checks checks, Resolver resolver, LbObserver observer) {
  ControlLoop loop() {
    return checks.loop();
  }
}
