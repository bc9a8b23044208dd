package dev.weir.core.net;

import dev.weir.core.config.PoolConfig;
import io.netty.util.NetUtil;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.net.UnknownHostException;

/**
 * The two ends of a connection to a backend.
 *
 * @param to where the backend listens, resolved; an {@link InetSocketAddress} or a {@link
 *     UnixDomainSocketAddress}
 * @param from our end, with port 0; null: as the kernel likes
 * @param foreign whether our end is another machine's address (IP_TRANSPARENT)
 */
public record UpstreamPath(SocketAddress to, InetSocketAddress from, boolean foreign) {
  /** A path from whatever address the kernel likes. */
  public static UpstreamPath to(SocketAddress to) {
    return new UpstreamPath(to, null, false);
  }

  /**
   * A path to a backend of a pool, as its {@code source} wants it. Unix sockets have no source.
   *
   * @param client the client's address; null when there is none: a probe's, or a Unix socket's
   */
  public static UpstreamPath of(PoolConfig pool, SocketAddress to, InetSocketAddress client) {
    if (pool.source() == null || to instanceof UnixDomainSocketAddress) {
      return to(to);
    }
    if (!pool.fromClient()) {
      return new UpstreamPath(to, new InetSocketAddress(literal(pool.source()), 0), false);
    }
    return client == null
        ? to(to)
        : new UpstreamPath(to, new InetSocketAddress(client.getAddress(), 0), true);
  }

  /** Whether its ends are of different families, so that nothing can lead from one to the other. */
  boolean impossible() {
    return from != null
        && to instanceof InetSocketAddress inet
        && inet.getAddress() instanceof Inet4Address != from.getAddress() instanceof Inet4Address;
  }

  private static InetAddress literal(String text) {
    byte[] bytes = NetUtil.createByteArrayFromIpAddressString(text);
    try {
      return InetAddress.getByAddress(bytes);
    } catch (UnknownHostException impossible) {
      throw new IllegalStateException(impossible); // of 4 or 16 bytes
    }
  }
}
