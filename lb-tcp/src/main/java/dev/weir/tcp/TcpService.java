package dev.weir.tcp;

import dev.weir.core.config.ListenerConfig;
import dev.weir.core.config.ProxyProtocolConfig;
import dev.weir.core.limit.WaitQueue;
import dev.weir.core.net.ConnectionHandler;
import dev.weir.core.net.ConnectionLimits;
import dev.weir.core.net.Listener;
import dev.weir.core.net.LoopContext;
import dev.weir.core.net.ProxyEntry;
import dev.weir.core.net.Transport;
import dev.weir.core.observe.Cause;
import dev.weir.core.observe.LbObserver;
import dev.weir.core.pool.Pool;
import dev.weir.core.runtime.Protocol.Scope;
import io.netty.channel.Channel;
import java.time.Duration;
import java.util.List;

/**
 * What all sessions of a listener share until its configuration changes; immutable.
 *
 * @param idleNanos a session ends after so long without a byte in either direction
 * @param finNanos the same once one direction has ended
 * @param limits how many connections the listener takes
 * @param slots where sessions wait for a backend with room, by event loop
 * @param entry takes connections in that begin with PROXY headers; null when none do
 */
record TcpService(
    String listener,
    Pool pool,
    long idleNanos,
    long finNanos,
    Transport transport,
    LbObserver observer,
    List<WaitQueue.Slot> slots,
    ConnectionLimits limits,
    ProxyEntry entry)
    implements ConnectionHandler {
  // nginx's proxy_timeout has the same.
  private static final Duration IDLE = Duration.ofMinutes(10);

  /**
   * A service as configured.
   *
   * @param slots the queues of its pool, by event loop
   */
  static TcpService of(Scope scope, List<WaitQueue.Slot> slots) {
    ListenerConfig.Timeouts timeouts = scope.config().timeouts();
    Duration idle = timeouts.idle() == null ? IDLE : timeouts.idle();
    ProxyProtocolConfig proxy = scope.config().proxyProtocol();
    ProxyEntry entry = proxy == null ? null : new ProxyEntry(proxy, scope.observer());
    return new TcpService(
        scope.listener(),
        scope.pools().get(scope.config().pool()),
        idle.toNanos(),
        Math.min(timeouts.fin().toNanos(), idle.toNanos()),
        scope.loops().transport(),
        scope.observer(),
        slots,
        ConnectionLimits.of(scope.config().limits()),
        entry);
  }

  @Override
  public void accept(Channel child, LoopContext loop, Listener from) {
    if (entry == null) {
      TcpSession.begin(child, loop, this);
    } else {
      entry.accept(child, loop, from, (told, same, listener) -> TcpSession.begin(told, same, this));
    }
  }

  @Override
  public void refused(LoopContext loop, Cause why) {
    observer.connectionRefused(loop.index(), listener, why);
  }

  /** Sessions of this loop that wait for a backend with room. */
  WaitQueue.Slot waiting(LoopContext loop) {
    return slots.get(loop.index());
  }
}
