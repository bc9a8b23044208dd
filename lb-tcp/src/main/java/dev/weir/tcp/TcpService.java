package dev.weir.tcp;

import dev.weir.core.config.ListenerConfig;
import dev.weir.core.config.ProxyProtocolConfig;
import dev.weir.core.net.ConnectionHandler;
import dev.weir.core.net.ConnectionLimits;
import dev.weir.core.net.Listener;
import dev.weir.core.net.LoopContext;
import dev.weir.core.net.ProxyEntry;
import dev.weir.core.net.Transport;
import dev.weir.core.observe.Cause;
import dev.weir.core.observe.LbObserver;
import dev.weir.core.runtime.Protocol.Scope;
import io.netty.channel.Channel;
import java.time.Duration;

/**
 * What all sessions of a listener share until its configuration changes; immutable.
 *
 * @param idleNanos a session ends after so long without a byte in either direction
 * @param finNanos the same once one direction has ended
 * @param limits how many connections the listener takes
 * @param entry takes connections in that begin with PROXY headers; null when none do
 */
record TcpService(
    String listener,
    TcpRoutes routes,
    long idleNanos,
    long finNanos,
    Transport transport,
    LbObserver observer,
    ConnectionLimits limits,
    ProxyEntry entry)
    implements ConnectionHandler {
  // nginx's proxy_timeout has the same.
  private static final Duration IDLE = Duration.ofMinutes(10);

  /** A service as configured. */
  static TcpService of(Scope scope) {
    ListenerConfig.Timeouts timeouts = scope.config().timeouts();
    Duration idle = timeouts.idle() == null ? IDLE : timeouts.idle();
    ProxyProtocolConfig proxy = scope.config().proxyProtocol();
    ProxyEntry entry = proxy == null ? null : new ProxyEntry(proxy, scope.observer());
    return new TcpService(
        scope.listener(),
        new TcpRoutes(scope.config(), scope.pools()::get),
        idle.toNanos(),
        Math.min(timeouts.fin().toNanos(), idle.toNanos()),
        scope.loops().transport(),
        scope.observer(),
        ConnectionLimits.of(scope.config().limits()),
        entry);
  }

  @Override
  public void accept(Channel child, LoopContext loop, Listener from) {
    if (entry == null) {
      TcpSession.begin(child, loop, from, this);
    } else {
      entry.accept(
          child,
          loop,
          from,
          (told, same, listener) -> TcpSession.begin(told, same, listener, this));
    }
  }

  @Override
  public void refused(LoopContext loop, Cause why) {
    observer.connectionRefused(loop.index(), listener, why);
  }
}
