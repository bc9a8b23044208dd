package dev.weir.core.net;

import dev.weir.core.backend.Outcome;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelPromise;
import io.netty.channel.ConnectTimeoutException;
import io.netty.channel.DefaultChannelPromise;
import io.netty.channel.epoll.EpollChannelOption;
import io.netty.channel.local.LocalChannel;
import io.netty.channel.socket.SocketChannelConfig;
import io.netty.channel.unix.DomainSocketAddress;
import io.netty.channel.uring.IoUringChannelOption;
import java.io.IOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketAddress;
import java.net.SocketException;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.UnresolvedAddressException;
import java.time.Duration;
import java.util.List;

/**
 * One connection being made to a backend, on the event loop of the session or exchange that needs
 * it; and what it means when that fails. Every protocol and probe connects through this.
 */
public final class UpstreamConnect extends Deadline implements ChannelFutureListener {
  private static final Duration LEAST_SILENCE = Duration.ofSeconds(5);
  private static final Duration MOST_SILENCE = Duration.ofMinutes(10);

  // What strerror says when the shortage is ours; connect errors carry no number that is public.
  private static final List<String> OURS =
      List.of(
          "Cannot assign requested address",
          "Too many open files",
          "No buffer space available",
          "Cannot allocate memory",
          "Resource temporarily unavailable");

  private final Wheel wheel;
  private final ChannelPromise promise;
  private final long timeoutNanos;

  private UpstreamConnect(Wheel wheel, ChannelPromise promise, long timeoutNanos) {
    this.wheel = wheel;
    this.promise = promise;
    this.timeoutNanos = timeoutNanos;
  }

  /**
   * Begins to connect. Called on {@code loop}; the future completes on it too, perhaps before this
   * returns. To give up, close the future's channel: the future then fails. A failed attempt leaves
   * nothing behind, its channel is closed. The handler is added before the channel is registered;
   * half-closure is allowed, reading is automatic unless the handler switches it off when added.
   *
   * @param path with a resolved end
   * @param timeout until the connection stands; resolution {@link Wheel#TICK_NANOS}
   * @param silence see {@link #silence}
   */
  public static ChannelFuture start(
      LoopContext loop,
      Transport transport,
      UpstreamPath path,
      Duration timeout,
      Duration silence,
      ChannelHandler handler) {
    Channel channel;
    try {
      channel = transport.socket(path.to());
    } catch (RuntimeException failure) {
      return new DefaultChannelPromise(new LocalChannel(), loop.loop()).setFailure(failure);
    }
    loop.budget().upstreamOpened();
    ChannelPromise promise = channel.newPromise();
    UpstreamConnect attempt = new UpstreamConnect(loop.wheel(), promise, timeout.toNanos());
    try {
      configure(channel);
      leaveFrom(channel, path);
      // It also counts while connecting, hence not below the connect timeout.
      silence(channel, transport, silence.compareTo(timeout) < 0 ? timeout : silence);
      channel.pipeline().addLast(handler);
      loop.loop().register(channel);
      channel.closeFuture().addListener(loop.upstreamClosed());
    } catch (RuntimeException failure) {
      channel.unsafe().closeForcibly();
      loop.budget().upstreamClosed();
      return new DefaultChannelPromise(channel, loop.loop()).setFailure(failure);
    }
    attempt.connect(path);
    return promise;
  }

  /** The same from whatever address the kernel likes. */
  public static ChannelFuture start(
      LoopContext loop,
      Transport transport,
      SocketAddress to,
      Duration timeout,
      Duration silence,
      ChannelHandler handler) {
    return start(loop, transport, UpstreamPath.to(to), timeout, silence, handler);
  }

  private static void leaveFrom(Channel channel, UpstreamPath path) {
    if (path.from() != null) {
      channel.config().setOption(SocketOptions.BIND_ADDRESS_NO_PORT, 1);
      if (path.foreign()) {
        channel.config().setOption(SocketOptions.TRANSPARENT, 1);
      }
    }
  }

  // TCP_NODELAY is what Netty sets on every socket by itself; setting it again costs a call.
  private static void configure(Channel channel) {
    SocketChannelConfig config = (SocketChannelConfig) channel.config();
    config.setAllowHalfClosure(true);
    config.setConnectTimeoutMillis(0);
    config.setKeepAlive(true);
  }

  /**
   * Bytes that the backend's kernel has not acknowledged, or has no room for, for this long end the
   * connection. Linux makes no difference between the two (tcp(7), TCP_USER_TIMEOUT): so it must
   * not be less than what a backend may take to go on reading. Without effect on NIO.
   *
   * @param silence taken as five seconds at least and ten minutes at most
   */
  public static void silence(Channel channel, Transport transport, Duration silence) {
    Duration atLeast = silence.compareTo(LEAST_SILENCE) < 0 ? LEAST_SILENCE : silence;
    int millis = (int) (atLeast.compareTo(MOST_SILENCE) > 0 ? MOST_SILENCE : atLeast).toMillis();
    switch (transport) {
      case EPOLL -> channel.config().setOption(EpollChannelOption.TCP_USER_TIMEOUT, millis);
      case IO_URING -> channel.config().setOption(IoUringChannelOption.TCP_USER_TIMEOUT, millis);
      case NIO -> {}
    }
  }

  private void connect(UpstreamPath path) {
    if (path.impossible()) {
      promise.tryFailure(new IOException("the source address is of another family"));
    } else {
      SocketAddress to =
          path.to() instanceof UnixDomainSocketAddress unix
              ? new DomainSocketAddress(unix.getPath().toString())
              : path.to();
      promise.channel().connect(to, path.from(), promise);
    }
    if (!promise.isDone()) {
      wheel.arm(this, timeoutNanos);
    }
    promise.addListener(this);
  }

  @Override
  public void operationComplete(ChannelFuture done) {
    wheel.disarm(this);
    if (!done.isSuccess()) {
      done.channel().close();
    }
  }

  @Override
  protected void expired() {
    long millis = timeoutNanos / 1_000_000;
    promise.tryFailure(new ConnectTimeoutException("no answer within " + millis + " ms"));
  }

  /** What a failed attempt says of the backend. */
  public static Outcome outcomeOf(Throwable failure) {
    if (failure instanceof ConnectTimeoutException
        || failure instanceof NoRouteToHostException
        || failure instanceof UnresolvedAddressException) {
      return Outcome.UNREACHABLE;
    }
    if (ours(failure)) {
      return Outcome.LOCAL;
    }
    if (failure instanceof ConnectException || failure instanceof SocketException) {
      return messageHas(failure, "refused") || messageHas(failure, "reset")
          ? Outcome.REFUSED
          : Outcome.UNREACHABLE;
    }
    return Outcome.LOCAL;
  }

  /** The failure as a sentence for people, in lower case: {@code connection refused}. */
  public static String reasonOf(Throwable failure) {
    if (failure instanceof ConnectTimeoutException) {
      return failure.getMessage();
    }
    if (failure instanceof NoRouteToHostException) {
      return "no route to the host";
    }
    if (failure instanceof UnresolvedAddressException) {
      return "the host name is not resolved";
    }
    if (failure instanceof ClosedChannelException) {
      return "given up";
    }
    if (messageHas(failure, "bind(")) {
      return "its source address cannot be used: " + systemMessage(failure);
    }
    if (ours(failure)) {
      return "not tried for a shortage here: " + systemMessage(failure);
    }
    return switch (outcomeOf(failure)) {
      case REFUSED -> "connection refused";
      case UNREACHABLE -> "unreachable: " + systemMessage(failure);
      default -> "failed here: " + systemMessage(failure);
    };
  }

  private static boolean ours(Throwable failure) {
    return OURS.stream().anyMatch(sign -> messageHas(failure, sign));
  }

  private static boolean messageHas(Throwable failure, String sign) {
    for (Throwable at = failure; at != null; at = at.getCause()) {
      if (at.getMessage() != null && at.getMessage().contains(sign)) {
        return true;
      }
    }
    return false;
  }

  // "connect(..) failed with error(-101): Network is unreachable: /10.0.0.1:80" and the like.
  private static String systemMessage(Throwable failure) {
    Throwable root = failure;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    String message =
        root.getMessage() == null ? root.getClass().getSimpleName() : root.getMessage();
    int number = message.indexOf("): ");
    return number < 0 ? message : message.substring(number + 3);
  }
}
