package dev.weir.tcp;

import dev.weir.core.backend.Backend;
import dev.weir.core.backend.Outcome;
import dev.weir.core.config.PoolConfig;
import dev.weir.core.net.ClientConnection;
import dev.weir.core.net.ClientHello;
import dev.weir.core.net.Deadline;
import dev.weir.core.net.HelloReader;
import dev.weir.core.net.Listener;
import dev.weir.core.net.LoopContext;
import dev.weir.core.net.Splice;
import dev.weir.core.observe.Cause;
import dev.weir.core.observe.EndSummary;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.SocketChannelConfig;
import io.netty.util.ReferenceCountUtil;
import java.io.IOException;
import java.net.InetSocketAddress;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One TCP connection: accepted, its route found, a backend picked, connected (perhaps on another
 * backend), relayed both ways, ended.
 *
 * <p>The backend is connected at once, since in many protocols the server speaks first; nothing is
 * read from the client before, unless its route depends on its TLS hello. Each end of stream is
 * passed on as such, a reset as a reset: the one says that all has been sent, the other that it has
 * not, and we do not turn the second into the first. Made by its listener, used on one event loop,
 * read by pickers and observers.
 */
final class TcpSession extends ClientConnection implements EndSummary, Arrival {
  private static final Logger LOG = LoggerFactory.getLogger(TcpSession.class);

  private final TcpService service;
  private final LoopContext loop;
  private final Channel client;
  private final Listener accepted;
  private final Relay up = new Relay(this);
  private final Attempts attempts;
  private final Deadline timer =
      new Deadline() {
        @Override
        protected void expired() {
          timeIsUp();
        }
      };
  private final long startNanos;

  private HelloPeek peek;
  private ClientHello hello = ClientHello.NONE;
  private TcpRoute route;
  private Relay down;
  private boolean opened;
  private boolean alerted;
  private boolean connected;
  private Cause cause;
  private By endedBy;
  private long connectedNanos;
  private long firstByteNanos = -1;
  private long endNanos;

  private TcpSession(Channel client, LoopContext loop, Listener accepted, TcpService service) {
    this.client = client;
    this.accepted = accepted;
    this.loop = loop;
    this.service = service;
    attempts = new Attempts(this, service, loop);
    startNanos = loop.now();
  }

  // Accepted.

  static void begin(Channel client, LoopContext loop, Listener accepted, TcpService service) {
    client.config().setAutoRead(false);
    client.pipeline().addLast(new TcpSession(client, loop, accepted, service));
  }

  @Override
  public void handlerAdded(ChannelHandlerContext ctx) {
    up.handlerAdded(ctx);
  }

  @Override
  public void channelActive(ChannelHandlerContext ctx) {
    opened = true;
    service.observer().connectionOpened(loop(), listener());
    TcpRoutes.HelloLimits limits = service.routes().hello();
    if (limits == null) {
      route(null);
      return;
    }
    peek = new HelloPeek(limits.bytes());
    loop.wheel().arm(timer, limits.nanos());
    client.read();
  }

  // Its route found.

  private void looked(HelloReader.Progress progress) {
    if (progress == HelloReader.Progress.MORE) {
      return;
    }
    loop.wheel().disarm(timer);
    HelloPeek done = peek;
    peek = null;
    up.channelRead(null, done.giveUp());
    switch (progress) {
      case WHOLE -> {
        hello = done.hello();
        asksFor(hello);
        route(TlsAlert.UNRECOGNIZED_NAME);
      }
      case TOO_LONG -> route(TlsAlert.UNRECOGNIZED_NAME);
      case BROKEN -> refuse(Cause.BAD_HELLO, TlsAlert.DECODE_ERROR);
      default -> route(null);
    }
  }

  /** {@code otherwise}: what a client hears that no route takes; null for nothing. */
  private void route(TlsAlert otherwise) {
    route = service.routes().take(this);
    if (route == null) {
      refuse(Cause.NO_ROUTE, otherwise);
    } else {
      attempts.begin(route.pool());
    }
  }

  private void refuse(Cause why, TlsAlert alert) {
    if (alert != null) {
      alerted = true;
      client.writeAndFlush(Unpooled.wrappedBuffer(alert.record()), client.voidPromise());
    }
    end(why, Outcome.LOCAL);
  }

  // A backend picked, and connected.

  /**
   * What relays from a backend that is being connected; the last one made is the one that counts.
   */
  Relay downstreamRelay() {
    down = new Relay(this);
    return down;
  }

  /** There is no room at any backend yet. */
  void waitAtMost(long nanos) {
    loop.wheel().arm(timer, nanos);
  }

  /** There will be no connection. */
  void unreachable(Cause why) {
    end(why, Outcome.LOCAL);
  }

  // Relayed both ways.

  void connected(Channel upstream) {
    connected = true;
    connectedNanos = loop.now();
    loop.wheel().arm(timer, service.idleNanos());
    up.start(upstream);
    down.start(client);
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    if (cause != null) {
      // io_uring goes on reading until its close is done.
      ReferenceCountUtil.release(message);
    } else if (peek == null) {
      up.channelRead(ctx, message);
    } else {
      looked(peek.take((ByteBuf) message, ctx.alloc()));
    }
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext ctx) {
    if (peek == null) {
      up.channelReadComplete(ctx);
    } else {
      client.read();
    }
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext ctx) {
    if (connected) {
      down.writable();
    }
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
    if (peek == null) {
      up.userEventTriggered(ctx, event);
    } else if (event instanceof ChannelInputShutdownEvent) {
      endedBy = By.CLIENT_END;
      end(Cause.CLIENT_ABORT, Outcome.CLIENT_ABORT);
    }
  }

  Relay opposite(Relay relay) {
    return relay == up ? down : up;
  }

  /** What moves a direction's bytes from now on; null: they are copied. */
  Splice splice(Relay relay, Channel from, Channel to) {
    return Splice.open(loop, from, to, relay);
  }

  boolean endIsReset(Channel channel) {
    return service.transport().endIsReset(channel);
  }

  /** The relay's first bytes have come, before {@link #progress}. */
  void firstBytes(Relay relay) {
    if (relay == down) {
      firstByteNanos = loop.now() - connectedNanos;
    }
  }

  /** The relay has seen the end of what it reads. */
  void ended(Relay relay) {
    if (endedBy == null) {
      endedBy = relay == up ? By.CLIENT_END : By.BACKEND_END;
    }
  }

  /** A byte has moved, or a direction has ended. */
  void progress() {
    if (cause != null) {
      return;
    }
    boolean half = up.ended() || down.ended();
    loop.wheel().arm(timer, half ? service.finNanos() : service.idleNanos());
  }

  // Ended: by both sides, by a reset, by silence, by us.

  void directionFinished() {
    if (cause == null && up.finished() && down.finished()) {
      end(Cause.NONE, Outcome.OK);
    }
  }

  /**
   * The channel that a relay reads from is gone before its time.
   *
   * @param failure null when it only became inactive
   */
  void broken(Relay relay, Throwable failure) {
    if (cause != null || (relay != up && relay != down)) {
      return;
    }
    if (failure != null && !(failure instanceof IOException)) {
      LOG.error("a session failed", failure);
      end(Cause.INTERNAL, Outcome.LOCAL);
    } else if (relay == up) {
      endedBy = By.CLIENT_RESET;
      end(Cause.CLIENT_ABORT, Outcome.CLIENT_ABORT);
    } else {
      endedBy = By.BACKEND_RESET;
      end(Cause.BACKEND_RESET, down.bytes() == 0 ? Outcome.RESET : Outcome.TRUNCATED);
    }
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable failure) {
    broken(up, failure);
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    broken(up, null);
  }

  private void timeIsUp() {
    if (peek != null) {
      endedBy = By.SILENCE;
      end(Cause.HELLO_TIMEOUT, Outcome.LOCAL);
    } else if (connected) {
      endedBy = By.SILENCE;
      end(Cause.IDLE_TIMEOUT, Outcome.LOCAL);
    } else {
      attempts.expired();
    }
  }

  /** Lets the session go on: it cannot be told when it might stop. */
  @Override
  public void drain() {}

  @Override
  public void abort() {
    end(Cause.SHUTDOWN, Outcome.LOCAL);
  }

  private void end(Cause why, Outcome outcome) {
    if (cause != null) {
      return;
    }
    cause = why;
    if (endedBy == null || why.side() == Cause.Side.PROXY) {
      endedBy = By.PROXY;
    }
    endNanos = loop.now();
    loop.wheel().disarm(timer);
    // First, so that what closing breaks off is not taken for a failure of the backend's.
    attempts.end(outcome);
    boolean complete = why == Cause.NONE || alerted || (why == Cause.IDLE_TIMEOUT && allWritten());
    close(client, complete);
    if (attempts.channel() != null) {
      close(attempts.channel(), complete);
    }
    up.discard();
    if (down != null) {
      down.discard();
    }
    if (peek != null) {
      ReferenceCountUtil.release(peek.giveUp());
    }
    if (opened) {
      service.observer().sessionEnded(this);
      service.observer().connectionClosed(loop(), listener(), why);
    }
  }

  private boolean allWritten() {
    return allWritten(client)
        && allWritten(attempts.channel())
        && !up.holds()
        && (down == null || !down.holds());
  }

  private static boolean allWritten(Channel channel) {
    ChannelOutboundBuffer pending = channel.unsafe().outboundBuffer();
    return pending == null || pending.isEmpty();
  }

  private static void close(Channel channel, boolean complete) {
    if (!complete && channel.isActive()) {
      ((SocketChannelConfig) channel.config()).setSoLinger(0);
    }
    channel.close();
  }

  /** What tells a backend whose session it is. */
  byte[] proxyHeader(PoolConfig pool) {
    return proxyHeader(client, pool, loop.random());
  }

  // What is known of it.

  @Override
  public ClientHello hello() {
    return hello;
  }

  @Override
  public InetSocketAddress source() {
    return clientAddress(client);
  }

  /** The port that the client came to; 0 of a Unix socket. */
  int servedPort() {
    return servedPort(accepted, client);
  }

  @Override
  public int loop() {
    return loop.index();
  }

  @Override
  public String listener() {
    return service.listener();
  }

  @Override
  public String route() {
    return route == null ? null : route.name();
  }

  @Override
  public String pool() {
    return attempts.pool() == null ? null : attempts.pool().name();
  }

  @Override
  public Backend backend() {
    return attempts.backend();
  }

  @Override
  public int attempts() {
    return attempts.made();
  }

  @Override
  public int status() {
    return 0;
  }

  @Override
  public Cause cause() {
    return cause;
  }

  @Override
  public By endedBy() {
    return endedBy;
  }

  @Override
  public long bytesIn() {
    return up.bytes();
  }

  @Override
  public long bytesOut() {
    return down == null ? 0 : down.bytes();
  }

  @Override
  public long startNanos() {
    return startNanos;
  }

  @Override
  public long endNanos() {
    return endNanos;
  }

  @Override
  public long phase(Phase phase) {
    return switch (phase) {
      case QUEUE -> attempts.queueNanos();
      case CONNECT -> attempts.connectNanos();
      case RESPONSE -> firstByteNanos;
      case HEAD -> -1;
    };
  }

  @Override
  public int copy(Text text, byte[] into) {
    byte[] bytes = SessionTexts.of(text, this, tlvs());
    if (bytes == null) {
      return -1;
    }
    int length = Math.min(bytes.length, into.length);
    System.arraycopy(bytes, 0, into, 0, length);
    return length;
  }
}
