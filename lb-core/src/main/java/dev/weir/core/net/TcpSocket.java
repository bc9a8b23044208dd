package dev.weir.core.net;

import io.netty.channel.ChannelException;
import io.netty.channel.socket.SocketProtocolFamily;
import io.netty.channel.unix.Socket;
import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetAddress;

/** A socket of the family that its peer's address needs; Netty's are IPv6 wherever that is on. */
final class TcpSocket extends Socket {
  private TcpSocket(int descriptor) {
    super(descriptor);
  }

  static TcpSocket towards(InetAddress peer) {
    SocketProtocolFamily family =
        peer instanceof Inet4Address ? SocketProtocolFamily.INET : SocketProtocolFamily.INET6;
    return new TcpSocket(newSocketStream0(family));
  }

  /** One that is about to be connected: without delays (RFC 896). */
  static TcpSocket connecting(InetAddress peer) {
    TcpSocket socket = towards(peer);
    try {
      socket.setTcpNoDelay(true);
      return socket;
    } catch (IOException failure) {
      throw new ChannelException(failure);
    }
  }
}
