package dev.weir.tcp;

import dev.weir.core.backend.Backend;
import dev.weir.core.backend.Lease;
import dev.weir.core.backend.Outcome;
import dev.weir.core.balance.PickContext;
import dev.weir.core.config.PoolConfig;
import dev.weir.core.net.ClientAddress;
import dev.weir.core.net.ClientConnection;
import dev.weir.core.net.Deadline;
import dev.weir.core.net.LoopContext;
import dev.weir.core.net.UpstreamConnect;
import dev.weir.core.observe.Cause;
import dev.weir.core.observe.EndSummary;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.socket.SocketChannelConfig;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One TCP connection: accepted, a backend picked, connected (perhaps on another backend), relayed
 * both ways, ended.
 *
 * <p>The backend is connected at once, since in many protocols the server speaks first; nothing is
 * read from the client before. Each end of stream is passed on as such, a reset as a reset: the one
 * says that all has been sent, the other that it has not, and we do not turn the second into the
 * first. Made by its listener, used on one event loop, read by pickers and observers.
 */
final class TcpSession extends ClientConnection
    implements PickContext, EndSummary, ChannelFutureListener {
  private static final Logger LOG = LoggerFactory.getLogger(TcpSession.class);

  private final TcpService service;
  private final LoopContext loop;
  private final Channel client;
  private final Relay up = new Relay(this);
  private final Deadline idle =
      new Deadline() {
        @Override
        protected void expired() {
          idleFor();
        }
      };
  private final long startNanos;

  private Backend backend;
  private List<Backend> before = List.of();
  private int attempts;
  private Lease lease;
  private ChannelFuture attempt;
  private Relay down;
  private boolean opened;
  private boolean connected;
  private Cause nothingLeft = Cause.NO_BACKEND;
  private Cause cause;
  private long endNanos;

  private TcpSession(Channel client, LoopContext loop, TcpService service) {
    this.client = client;
    this.loop = loop;
    this.service = service;
    startNanos = loop.now();
  }

  // Accepted.

  static void begin(Channel client, LoopContext loop, TcpService service) {
    client.config().setAutoRead(false);
    client.pipeline().addLast(new TcpSession(client, loop, service));
  }

  @Override
  public void handlerAdded(ChannelHandlerContext ctx) {
    up.handlerAdded(ctx);
  }

  @Override
  public void channelActive(ChannelHandlerContext ctx) {
    opened = true;
    service.observer().connectionOpened(loop(), listener());
    connectNext();
  }

  // A backend picked, and connected.

  private void connectNext() {
    PoolConfig config = service.pool().config();
    Lease next = attempts <= config.retries() ? lease() : null;
    if (next == null) {
      end(nothingLeft, Outcome.LOCAL);
      return;
    }
    attempts++;
    lease = next;
    InetSocketAddress to = backend.socketAddress();
    if (to == null) {
      failed(Outcome.UNREACHABLE);
      return;
    }
    down = new Relay(this);
    attempt =
        UpstreamConnect.start(loop, service.transport(), to, config.timeouts().connect(), down);
    attempt.addListener(this);
  }

  private Lease lease() {
    Lease next = null;
    while (next == null) {
      Backend choice = service.pool().pick(this);
      if (choice == null) {
        return null;
      }
      remember(choice);
      next = choice.tryLease();
    }
    return next;
  }

  private void remember(Backend choice) {
    if (backend != null) {
      before = before.isEmpty() ? new ArrayList<>(4) : before;
      before.add(backend);
    }
    backend = choice;
  }

  @Override
  public boolean tried(Backend candidate) {
    return candidate == backend || (!before.isEmpty() && before.contains(candidate));
  }

  @Override
  public long hash() {
    return ClientAddress.hash(client.remoteAddress());
  }

  @Override
  public RandomGenerator random() {
    return loop.random();
  }

  @Override
  public void operationComplete(ChannelFuture done) {
    if (cause != null) {
      done.channel().close();
    } else if (done.isSuccess()) {
      relay(done.channel());
    } else {
      LOG.debug("{}: {}", backend, UpstreamConnect.reasonOf(done.cause()));
      failed(UpstreamConnect.outcomeOf(done.cause()));
    }
  }

  private void failed(Outcome outcome) {
    nothingLeft = outcome == Outcome.LOCAL ? Cause.LOCAL_LIMIT : Cause.CONNECT_FAILED;
    lease.end(outcome, true, clientHash());
    connectNext();
  }

  // Relayed both ways.

  private void relay(Channel upstream) {
    connected = true;
    loop.wheel().arm(idle, service.idleNanos());
    up.start(upstream);
    down.start(client);
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    up.channelRead(ctx, message);
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext ctx) {
    up.channelReadComplete(ctx);
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext ctx) {
    if (connected) {
      down.writable();
    }
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
    up.userEventTriggered(ctx, event);
  }

  Relay opposite(Relay relay) {
    return relay == up ? down : up;
  }

  boolean endIsReset(Channel channel) {
    return service.transport().endIsReset(channel);
  }

  /** A byte has moved, or a direction has ended. */
  void progress() {
    if (cause != null) {
      return;
    }
    boolean half = up.ended() || down.ended();
    loop.wheel().arm(idle, half ? service.finNanos() : service.idleNanos());
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
      end(Cause.CLIENT_ABORT, Outcome.CLIENT_ABORT);
    } else {
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

  private void idleFor() {
    end(Cause.IDLE_TIMEOUT, Outcome.LOCAL);
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
    endNanos = loop.now();
    loop.wheel().disarm(idle);
    boolean complete = why == Cause.NONE || (why == Cause.IDLE_TIMEOUT && allWritten());
    close(client, complete);
    if (attempt != null) {
      close(attempt.channel(), complete);
    }
    up.discard();
    if (lease != null) {
      lease.end(outcome, true, clientHash());
    }
    if (opened) {
      service.observer().sessionEnded(this);
      service.observer().connectionClosed(loop(), listener(), why);
    }
  }

  private boolean allWritten() {
    return allWritten(client) && allWritten(attempt.channel());
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

  private int clientHash() {
    long hash = hash();
    return (int) (hash ^ (hash >>> 32));
  }

  // What is known of it.

  @Override
  public int loop() {
    return loop.index();
  }

  @Override
  public String listener() {
    return service.listener();
  }

  @Override
  public String pool() {
    return service.pool().name();
  }

  @Override
  public Backend backend() {
    return backend;
  }

  @Override
  public int attempts() {
    return attempts;
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
}
