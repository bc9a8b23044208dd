package dev.weir.udp;

import dev.weir.core.config.ListenerConfig;
import dev.weir.core.config.UdpConfig;
import dev.weir.core.net.ConnectionLimits;
import dev.weir.core.net.DatagramHandler;
import dev.weir.core.net.DatagramPort;
import dev.weir.core.net.DatagramSession;
import dev.weir.core.net.LoopContext;
import dev.weir.core.observe.Cause;
import dev.weir.core.observe.Drop;
import dev.weir.core.observe.LbObserver;
import dev.weir.core.pool.Pool;
import dev.weir.core.runtime.Protocol.Scope;
import java.net.InetSocketAddress;
import java.time.Duration;

/**
 * What all sessions of a listener share until its configuration changes; immutable.
 *
 * @param idleNanos a session ends after so long without a datagram in either direction
 * @param udp see there
 * @param limits how many sessions the listener takes
 */
record UdpService(
    String listener,
    Pool pool,
    long idleNanos,
    UdpConfig udp,
    ConnectionLimits limits,
    LbObserver observer)
    implements DatagramHandler {
  // Between Traefik's 3 s and Envoy's 60 s; nginx's 10 min keep a descriptor for each lost answer.
  private static final Duration IDLE = Duration.ofSeconds(30);

  static UdpService of(Scope scope) {
    ListenerConfig config = scope.config();
    ListenerConfig.Limits perClient = config.limits();
    Duration idle = config.timeouts().idle();
    return new UdpService(
        scope.listener(),
        scope.pools().get(config.pool()),
        (idle == null ? IDLE : idle).toNanos(),
        config.udp(),
        new ConnectionLimits(
            config.udp().sessions(),
            perClient.connectionsPerClient(),
            perClient.clientPrefix4(),
            perClient.clientPrefix6()),
        scope.observer());
  }

  @Override
  public DatagramSession begin(DatagramPort port, InetSocketAddress client) {
    return new UdpSession(port, client, this);
  }

  @Override
  public void refused(LoopContext loop, Cause why) {
    observer.connectionRefused(loop.index(), listener, why);
  }

  @Override
  public void dropped(LoopContext loop, Drop why) {
    observer.datagramDropped(loop.index(), listener, why);
  }

  /** Whether it is known that nothing is answered. */
  boolean silent() {
    return udp.responses() != null && udp.responses() == 0;
  }

  /** Answers due to so many datagrams; 0 when that is not known. */
  long due(long datagrams) {
    return udp.responses() == null ? 0 : udp.responses() * datagrams;
  }

  /** Whether a session that has had so many datagrams takes no more. */
  boolean full(long datagrams) {
    return udp.requests() != null && datagrams >= udp.requests();
  }

  /** Whether so many bytes to a client are too many for what has come from it. */
  boolean amplifies(long in, long out) {
    return udp.amplification() != null && out > in * udp.amplification();
  }
}
