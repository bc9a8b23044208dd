package dev.weir.core.health;

import dev.weir.core.control.ControlLoop.Cancellable;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.function.Consumer;

/** Asks a backend once how it is. */
@FunctionalInterface
public interface Probe {
  /**
   * Starts asking and returns at once.
   *
   * @param target where to ask: an {@link java.net.InetSocketAddress} or a {@link
   *     java.net.UnixDomainSocketAddress}
   * @param authority {@code host:port} as configured, for protocols that name it; {@code localhost}
   *     of a Unix socket
   * @param timeout for everything from connecting to the verdict
   * @param done called exactly once unless cancelled, on any thread
   * @return stops asking; {@code done} is then not called
   */
  Cancellable ask(
      SocketAddress target, String authority, Duration timeout, Consumer<ProbeResult> done);
}
