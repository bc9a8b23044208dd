package dev.weir.core.health;

import dev.weir.core.control.ControlLoop.Cancellable;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.function.Consumer;

/** Asks a backend once how it is. */
@FunctionalInterface
public interface Probe {
  /**
   * Starts asking and returns at once.
   *
   * @param target where to ask
   * @param authority {@code host:port} as configured, for protocols that name it
   * @param timeout for everything from connecting to the verdict
   * @param done called exactly once unless cancelled, on any thread
   * @return stops asking; {@code done} is then not called
   */
  Cancellable ask(
      InetSocketAddress target, String authority, Duration timeout, Consumer<ProbeResult> done);
}
