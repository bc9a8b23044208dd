package dev.weir.core.net;

import io.netty.channel.Channel;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.ServerChannel;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollDatagramChannel;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.DatagramChannel;
import io.netty.channel.socket.nio.NioDatagramChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.uring.IoUring;
import io.netty.channel.uring.IoUringDatagramChannel;
import io.netty.channel.uring.IoUringIoHandler;
import io.netty.channel.uring.IoUringServerSocketChannel;
import io.netty.channel.uring.IoUringSocketChannel;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** How sockets are driven. */
public enum Transport {
  /** Linux epoll through Netty's native library; the default where it loads. */
  EPOLL,
  /**
   * Linux io_uring through Netty's native library; not the default, since it is slower with large
   * transfers, and some resets of a peer look like an end of stream to it.
   */
  IO_URING,
  /** The JDK's selector; works everywhere. */
  NIO;

  // As in the kernel's enum.
  private static final int TCP_ESTABLISHED = 1;

  // The state after a reset, and after both ends. An end received first leads to CLOSE_WAIT.
  private static final int TCP_CLOSE = 7;

  /**
   * The transport of a configured name: {@code auto}, {@code epoll}, {@code io_uring}, {@code nio}.
   *
   * @throws IllegalArgumentException when the name is unknown or the machine does not offer it
   */
  public static Transport of(String name) {
    return switch (name.toLowerCase(Locale.ROOT)) {
      case "auto" -> Epoll.isAvailable() ? EPOLL : NIO;
      case "epoll" -> {
        require(Epoll.isAvailable(), name, Epoll.unavailabilityCause());
        yield EPOLL;
      }
      case "io_uring" -> {
        require(IoUring.isAvailable(), name, IoUring.unavailabilityCause());
        yield IO_URING;
      }
      case "nio" -> NIO;
      default ->
          throw new IllegalArgumentException(
              "unknown transport '" + name + "'; known: auto, epoll, io_uring, nio");
    };
  }

  /** The transports this machine offers. */
  public static List<Transport> available() {
    List<Transport> available = new ArrayList<>();
    if (Epoll.isAvailable()) {
      available.add(EPOLL);
    }
    if (IoUring.isAvailable()) {
      available.add(IO_URING);
    }
    available.add(NIO);
    return available;
  }

  private static void require(boolean available, String name, Throwable cause) {
    if (!available) {
      throw new IllegalArgumentException(
          "transport " + name + " is not available on this machine: " + cause, cause);
    }
  }

  /** Whether each event loop gets a listening socket of its own (SO_REUSEPORT). */
  public boolean socketPerLoop() {
    return this != NIO;
  }

  /**
   * Whether a reset is seen at once on a connection whose peer has ended its direction before; the
   * others see it with the next write only.
   */
  public boolean seesResetAfterEnd() {
    return this == EPOLL;
  }

  /**
   * Whether the end of stream that a channel of this transport has just seen is a reset in truth.
   * The kernel tells a reset once; where a write that is under way has been told, the read sees an
   * end. Only io_uring has writes under way while it reads.
   */
  public boolean endIsReset(Channel channel) {
    return channel instanceof IoUringSocketChannel uring
        && uring.isOpen()
        && !uring.isOutputShutdown()
        && uring.tcpInfo().state() == TCP_CLOSE;
  }

  /**
   * Whether nothing has come on a connection that waits, neither bytes nor its end: to be asked
   * before it is used again. What has come is lost, so that the connection may only be closed then.
   * On the connection's event loop.
   *
   * @param ask whether to ask the kernel; otherwise epoll tells what it has left unread, without a
   *     system call. io_uring has read the bytes already, and is only asked for the end
   */
  public boolean quiet(Channel connection, boolean ask) {
    if (connection instanceof EpollTcpChannel epoll) {
      return epoll.quiet(ask);
    }
    if (connection instanceof NioTcpChannel nio) {
      return nio.quiet();
    }
    if (connection instanceof IoUringSocketChannel uring) {
      return !ask || (uring.isActive() && uring.tcpInfo().state() == TCP_ESTABLISHED);
    }
    return connection.isActive();
  }

  IoHandlerFactory handlers() {
    return switch (this) {
      case EPOLL -> EpollIoHandler.newFactory();
      case IO_URING -> IoUringIoHandler.newFactory();
      case NIO -> NioIoHandler.newFactory();
    };
  }

  /** A new unregistered TCP channel. */
  public Channel socket() {
    return socket(null);
  }

  /**
   * A new unregistered channel.
   *
   * @param to what it will be connected to, perhaps a Unix socket; null: anything
   * @throws UnsupportedOperationException for a Unix socket, when this is not {@link #EPOLL}
   */
  Channel socket(SocketAddress to) {
    if (to instanceof UnixDomainSocketAddress) {
      if (this != EPOLL) {
        throw new UnsupportedOperationException("Unix sockets need the transport epoll");
      }
      return new EpollTcpChannel();
    }
    return switch (this) {
      case EPOLL -> new EpollTcpChannel(to instanceof InetSocketAddress i ? i.getAddress() : null);
      case IO_URING -> new IoUringSocketChannel();
      case NIO -> new NioTcpChannel();
    };
  }

  ServerChannel serverSocket() {
    return switch (this) {
      case EPOLL -> throw new IllegalStateException("epoll listens through EpollListeningSocket");
      case IO_URING -> new IoUringServerSocketChannel();
      case NIO -> new NioServerSocketChannel();
    };
  }

  /** A new unregistered UDP channel. */
  public DatagramChannel datagram() {
    return switch (this) {
      case EPOLL -> new EpollDatagramChannel();
      case IO_URING -> new IoUringDatagramChannel();
      case NIO -> new NioDatagramChannel();
    };
  }
}
