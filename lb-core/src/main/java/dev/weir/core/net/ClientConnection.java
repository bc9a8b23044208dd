package dev.weir.core.net;

import dev.weir.core.config.PoolConfig;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * A client connection of some protocol: the one handler of its channel, and the entry by which its
 * listener finds it; listed and counted by the listener, see there. Belongs to one event loop.
 */
public abstract class ClientConnection extends ChannelInboundHandlerAdapter {
  static final int NOT_LISTED = -1;

  // Both are the set's, which lists it.
  int slot = NOT_LISTED;
  Channel channel;

  /** Set before the channel becomes active; null when no PROXY header names a client. */
  ProxiedAddresses proxied;

  /** Set before the channel becomes active too; what else is told of the client. */
  ProxyTlvs tlvs = ProxyTlvs.NONE;

  /**
   * Finish what runs, start nothing new, then close. On the event loop; may come more than once.
   */
  public abstract void drain();

  /** Close now, whatever runs. On the event loop. */
  public abstract void abort();

  /**
   * The client's address: that of a PROXY header, else the other end of the channel. Null for a
   * client of a Unix socket, and for a connection that was gone before it could be asked.
   */
  protected final InetSocketAddress clientAddress(Channel of) {
    return proxied != null ? proxied.source() : (InetSocketAddress) of.remoteAddress();
  }

  /** The address that the client has connected to, in the same way. */
  protected final InetSocketAddress servedAddress(Channel of) {
    return proxied != null ? proxied.destination() : (InetSocketAddress) of.localAddress();
  }

  /**
   * Its port; without a PROXY header that of the listener, which costs nothing to know when it has
   * only one. 0 when it is not known, and of a Unix socket.
   */
  protected final int servedPort(Listener listener, Channel of) {
    if (proxied == null && listener.bind().ports() == 1 && !listener.options().transparent()) {
      return listener.address().getPort();
    }
    InetSocketAddress served = servedAddress(of);
    return served == null ? 0 : served.getPort();
  }

  /** What backends may be told of the client beside its address. */
  protected final ProxyTlvs tlvs() {
    return tlvs;
  }

  /** What the client asks for is known, and may be told to backends. */
  protected final void asksFor(ClientHello hello) {
    tlvs = tlvs.with(hello);
  }

  /**
   * The PROXY header that tells a backend whose connection is passed on to it; the same for every
   * backend of a pool.
   *
   * @param of the client's channel
   * @param pool one whose backends get such headers
   * @param random makes an id when the pool's backends get one and the client has brought none
   */
  protected final byte[] proxyHeader(Channel of, PoolConfig pool, RandomGenerator random) {
    byte[] header = ProxyVersion.of(pool).header(clientAddress(of), servedAddress(of));
    List<String> kinds = pool.proxyTlvs();
    if (kinds.isEmpty()) {
      return header;
    }
    if (kinds.contains("unique-id")) {
      tlvs = tlvs.identified(random);
    }
    return tlvs.behind(header, kinds);
  }
}
