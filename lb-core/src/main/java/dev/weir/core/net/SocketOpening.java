package dev.weir.core.net;

import dev.weir.core.config.HostPort;
import dev.weir.core.config.SocketConfig;
import io.netty.channel.unix.DomainSocketAddress;
import io.netty.channel.unix.Socket;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardSocketOptions;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;

/**
 * Opens the sockets that a listener's address takes, all or none: for a single port one on each
 * event loop where the transport can share a port, for each port of a range one, for a Unix socket
 * one. Blocks; used by {@link Listener} on workers.
 */
final class SocketOpening {
  private final Listener listener;
  private final HostPort bind;
  private final SocketConfig options;
  private final Loops loops;
  private final List<ListeningSocket> opened = new ArrayList<>();

  SocketOpening(Listener listener, Loops loops) {
    this.listener = listener;
    this.loops = loops;
    bind = listener.bind();
    options = listener.options();
  }

  /** Whether each event loop has a socket of its own for this address. */
  static boolean shared(HostPort bind, Transport transport) {
    return bind.ports() == 1 && transport.socketPerLoop();
  }

  /**
   * Opens them; nothing stays open when one cannot be.
   *
   * @param port the port to bind to, where the configured one is 0
   * @throws Exception saying why, and with several ports which one
   */
  List<ListeningSocket> open(int port) throws Exception {
    try {
      if (bind.isUnix()) {
        openUnix();
      } else if (bind.ports() > 1) {
        openRange();
      } else {
        openPort(address(bind.port() == 0 ? port : bind.port()));
      }
      return List.copyOf(opened);
    } catch (Exception failure) {
      opened.forEach(ListeningSocket::discard);
      throw failure;
    }
  }

  private InetSocketAddress address(int port) throws IOException {
    InetSocketAddress to = new InetSocketAddress(bind.host(), port);
    if (to.isUnresolved()) {
      throw new IOException("unknown host " + bind.host());
    }
    return to;
  }

  private void openUnix() throws Exception {
    if (loops.transport() != Transport.EPOLL) {
      throw new IOException("Unix sockets need the transport epoll");
    }
    DomainSocketAddress to = new DomainSocketAddress(bind.host());
    SocketFile.clear(to);
    opened.add(one(loops.get(0), to));
  }

  private void openRange() throws Exception {
    InetSocketAddress first = address(bind.port());
    for (int port = bind.port(); port <= bind.last(); port++) {
      try {
        LoopContext loop = loops.get((port - bind.port()) % loops.size());
        opened.add(one(loop, new InetSocketAddress(first.getAddress(), port)));
      } catch (Exception failure) {
        throw new IOException("port " + port + ": " + Listener.reason(failure), failure);
      }
    }
  }

  private void openPort(InetSocketAddress address) throws Exception {
    InetSocketAddress to = address;
    if (!shared(bind, loops.transport())) {
      opened.add(one(loops.get(0), to));
      return;
    }
    try (AutoCloseable claim = claim(to)) {
      // Groups of SO_REUSEPORT sockets of two processes would share the traffic silently, so the
      // address is claimed without the option first; not listening, so that no client gets in.
    }
    for (LoopContext loop : loops.all()) {
      ListeningSocket socket = one(loop, to);
      opened.add(socket);
      to = socket.address();
    }
  }

  private AutoCloseable claim(InetSocketAddress to) throws IOException {
    if (loops.transport() == Transport.EPOLL) {
      Socket claim = SocketOptions.forListening(to, options);
      return bound(claim, to);
    }
    SocketChannel claim = SocketChannel.open();
    try {
      claim.setOption(StandardSocketOptions.SO_REUSEADDR, true);
      return claim.bind(to);
    } catch (IOException taken) {
      claim.close();
      throw taken;
    }
  }

  private static AutoCloseable bound(Socket socket, InetSocketAddress to) throws IOException {
    try {
      socket.bind(to);
      return socket::close;
    } catch (IOException taken) {
      socket.close();
      throw taken;
    }
  }

  private ListeningSocket one(LoopContext loop, SocketAddress to) throws Exception {
    return loops.transport() == Transport.EPOLL
        ? EpollListeningSocket.open(listener, loop, to)
        : NettyListeningSocket.open(listener, loop, loops.transport(), (InetSocketAddress) to);
  }
}
