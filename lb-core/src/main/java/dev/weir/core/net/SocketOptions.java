package dev.weir.core.net;

import dev.weir.core.config.SocketConfig;
import io.netty.channel.ChannelException;
import io.netty.channel.unix.DomainSocketAddress;
import io.netty.channel.unix.IntegerUnixChannelOption;
import io.netty.channel.unix.Socket;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.Optional;

/**
 * Options of sockets that Netty has no methods for, by their numbers in Linux's headers (ip(7),
 * ipv6(7)). Those of IPv4 are in force on IPv6 sockets too.
 */
public final class SocketOptions {
  /** Lets a bind leave the port to the connect, so that it may be in use towards others. */
  static final IntegerUnixChannelOption BIND_ADDRESS_NO_PORT =
      new IntegerUnixChannelOption("IP_BIND_ADDRESS_NO_PORT", 0, 24);

  /** Lets a socket have an address that is another machine's. */
  static final IntegerUnixChannelOption TRANSPARENT =
      new IntegerUnixChannelOption("IP_TRANSPARENT", 0, 19);

  private static final IntegerUnixChannelOption FREEBIND =
      new IntegerUnixChannelOption("IP_FREEBIND", 0, 15);
  private static final IntegerUnixChannelOption V6ONLY =
      new IntegerUnixChannelOption("IPV6_V6ONLY", 41, 26);

  private SocketOptions() {}

  /** A socket that may be bound to an address as a listener wants it. */
  static Socket forListening(SocketAddress to, SocketConfig config) throws IOException {
    if (to instanceof DomainSocketAddress) {
      return Socket.newSocketDomain();
    }
    Socket socket = TcpSocket.towards(((InetSocketAddress) to).getAddress());
    try {
      socket.setReuseAddress(true);
      if (config.freebind()) {
        set(socket, FREEBIND);
      }
      if (config.transparent()) {
        set(socket, TRANSPARENT);
      }
      if (config.ipv6Only()) {
        set(socket, V6ONLY);
      }
      return socket;
    } catch (IOException | RuntimeException failure) {
      socket.close();
      throw failure;
    }
  }

  private static void set(Socket socket, IntegerUnixChannelOption option) throws IOException {
    socket.setIntOpt(option.level(), option.optname(), 1);
  }

  /**
   * Why this process may not use addresses of other machines; empty when it may. Needs epoll. Not
   * on an event loop.
   */
  public static Optional<String> notTransparent() {
    TcpSocket socket = TcpSocket.towards(InetAddress.getLoopbackAddress());
    try {
      try {
        set(socket, TRANSPARENT);
        return Optional.empty();
      } finally {
        socket.close();
      }
    } catch (IOException | ChannelException refused) {
      return Optional.of(
          "needs the capability CAP_NET_ADMIN, which this process does not have: "
              + refused.getMessage());
    }
  }
}
