package dev.weir.server;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollDomainDatagramChannel;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.unix.DomainSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells systemd how far the process is (sd_notify(3)): one datagram to the socket that {@code
 * NOTIFY_SOCKET} names. Without systemd, or without epoll, it does nothing. Used by the run
 * command, a few times in the life of a process, so each message gets a socket of its own.
 */
public final class SystemdNotify {
  /** Start-up is finished. */
  public static final String READY = "READY=1";

  /** The graceful end has begun. */
  public static final String STOPPING = "STOPPING=1";

  private static final Logger LOG = LoggerFactory.getLogger(SystemdNotify.class);
  private static final long TIMEOUT_MILLIS = 1_000;

  private final String socket;

  /**
   * A notifier.
   *
   * @param socket a path, or a name after {@code @} (abstract socket); null: nobody to tell
   */
  public SystemdNotify(String socket) {
    this.socket = socket;
  }

  /** The notifier of this process's environment. */
  public static SystemdNotify fromEnvironment() {
    return new SystemdNotify(System.getenv("NOTIFY_SOCKET"));
  }

  /** Sends one message, waiting at most a second; a failure is logged only. */
  public void send(String message) {
    if (socket == null || socket.isEmpty() || !Epoll.isAvailable()) {
      return;
    }
    // systemd writes an abstract address with @ for the zero byte.
    String path = socket.startsWith("@") ? "\0" + socket.substring(1) : socket;
    var group = new MultiThreadIoEventLoopGroup(1, EpollIoHandler.newFactory());
    try {
      ChannelFuture connected =
          new Bootstrap()
              .group(group)
              .channel(EpollDomainDatagramChannel.class)
              .handler(new ChannelInboundHandlerAdapter())
              .connect(new DomainSocketAddress(path))
              .awaitUninterruptibly();
      if (!connected.isSuccess()) {
        LOG.warn("cannot reach systemd at {}: {}", socket, String.valueOf(connected.cause()));
        return;
      }
      Channel channel = connected.channel();
      ChannelFuture sent =
          channel.writeAndFlush(Unpooled.copiedBuffer(message, StandardCharsets.UTF_8));
      if (!sent.awaitUninterruptibly(TIMEOUT_MILLIS) || !sent.isSuccess()) {
        LOG.warn("cannot tell systemd {}: {}", message, String.valueOf(sent.cause()));
      }
      channel.close().awaitUninterruptibly(TIMEOUT_MILLIS);
    } finally {
      group.shutdownGracefully(0, TIMEOUT_MILLIS, TimeUnit.MILLISECONDS);
    }
  }
}
