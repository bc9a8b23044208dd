package dev.weir.core.net;

import dev.weir.core.config.ProxyProtocolConfig;
import dev.weir.core.observe.Cause;
import dev.weir.core.observe.LbObserver;
import dev.weir.core.observe.ProxyHeader;
import io.netty.channel.Channel;
import java.net.InetSocketAddress;

/**
 * What a listener does with new connections whose clients a balancer in front tells by PROXY
 * headers: those from its networks, or to a Unix socket, must begin with one, the others may not
 * get in, or get in as they are. Protocols put it before their own handling when the listener is
 * configured so, and do without it otherwise. Immutable.
 */
public final class ProxyEntry {
  private final CidrSet from;
  private final boolean servesOthers;
  private final long timeoutNanos;
  private final LbObserver observer;

  /**
   * An entry as configured.
   *
   * @param observer hears of connections that do not get as far as the protocol
   */
  public ProxyEntry(ProxyProtocolConfig config, LbObserver observer) {
    from = CidrSet.of(config.from());
    servesOthers = config.servesOthers();
    timeoutNanos = config.timeout().toNanos();
    this.observer = observer;
  }

  /**
   * Takes a connection in; like {@link ConnectionHandler#accept}.
   *
   * @param next gets the connection when its header is complete, being active and registered by
   *     then; or at once, when it needs none
   */
  public void accept(Channel child, LoopContext loop, Listener listener, ConnectionHandler next) {
    InetSocketAddress peer = (InetSocketAddress) child.remoteAddress();
    // Who may connect to a Unix socket is up to its file; an address nobody has there.
    boolean told = listener.bind().isUnix() || (peer != null && from.contains(peer.getAddress()));
    if (told) {
      child.pipeline().addLast(new ProxyHeaderConnection(this, loop, listener, next, child));
    } else if (servesOthers) {
      observer.proxyHeader(loop.index(), listener.name(), ProxyHeader.NONE);
      next.accept(child, loop, listener);
    } else {
      observer.connectionOpened(loop.index(), listener.name());
      observer.connectionClosed(loop.index(), listener.name(), Cause.DENIED);
      child.unsafe().closeForcibly();
    }
  }

  long timeoutNanos() {
    return timeoutNanos;
  }

  LbObserver observer() {
    return observer;
  }
}
