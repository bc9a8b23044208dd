package dev.weir.tcp;

import dev.weir.core.backend.Backend;
import dev.weir.core.backend.Lease;
import dev.weir.core.backend.Outcome;
import dev.weir.core.balance.PickContext;
import dev.weir.core.config.PoolConfig;
import dev.weir.core.limit.WaitQueue;
import dev.weir.core.net.ClientAddress;
import dev.weir.core.net.LoopContext;
import dev.weir.core.net.ProxyVersion;
import dev.weir.core.net.UpstreamConnect;
import dev.weir.core.net.UpstreamPath;
import dev.weir.core.observe.Cause;
import dev.weir.core.pool.Pool;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The tries of one session to reach a backend: pick, lease, queue while there is no room, connect;
 * and another backend when that fails, as often as the pool allows. Tells its {@link TcpSession}
 * when there is a connection, or when there will be none. Belongs to the session's event loop.
 */
final class Attempts implements PickContext, WaitQueue.Waiter, ChannelFutureListener {
  private static final Logger LOG = LoggerFactory.getLogger(Attempts.class);

  private final TcpSession session;
  private final TcpService service;
  private final LoopContext loop;

  /** The route's, or another one that stands in while nobody there is eligible; null before. */
  private Pool pool;

  private int made;
  private Backend backend;
  private Lease lease;
  private ChannelFuture attempt;
  private List<Backend> tried = List.of();
  private Cause nothingLeft = Cause.NO_BACKEND;
  private boolean queued;
  private long queuedSince;
  private long queueNanos = -1;
  private long connectSince;
  private long connectNanos = -1;
  private boolean over;

  Attempts(TcpSession session, TcpService service, LoopContext loop) {
    this.session = session;
    this.service = service;
    this.loop = loop;
  }

  /** The first try. */
  void begin(Pool of) {
    pool = of.serving();
    next(false);
  }

  /**
   * The next try.
   *
   * @param turn whether its turn in the queue has come; then it does not go to the end of the queue
   */
  void next(boolean turn) {
    PoolConfig config = pool.config();
    if (made > config.retries()) {
      session.unreachable(nothingLeft);
      return;
    }
    int before = tried.size();
    Backend choice = pool.pick(this);
    while (choice != null) {
      Lease taken = choice.tryLease();
      if (taken != null) {
        forgetAfter(before);
        connect(choice, taken, config);
        return;
      }
      // No room there: not tried, but not to be picked again just now.
      markTried(choice);
      choice = pool.pick(this);
    }
    boolean full = tried.size() > before;
    forgetAfter(before);
    if (full) {
      queue(turn, config);
    } else if (pool.serving() != pool) {
      pool = pool.serving();
      next(false);
    } else {
      session.unreachable(nothingLeft);
    }
  }

  private void connect(Backend choice, Lease taken, PoolConfig config) {
    made++;
    backend = choice;
    lease = taken;
    connectSince = loop.now();
    SocketAddress to = choice.socketAddress(session.servedPort());
    if (to == null) {
      failed(Outcome.UNREACHABLE);
      return;
    }
    attempt =
        UpstreamConnect.start(
            loop,
            service.transport(),
            UpstreamPath.of(config, to, session.source()),
            config.timeouts().connect(),
            Duration.ofNanos(service.idleNanos()),
            session.downstreamRelay());
    attempt.addListener(this);
  }

  @Override
  public void operationComplete(ChannelFuture done) {
    if (over) {
      done.channel().close();
    } else if (done.isSuccess()) {
      connectNanos = loop.now() - connectSince;
      introduce(done.channel());
      session.connected(done.channel());
    } else {
      LOG.debug("{}: {}", backend, UpstreamConnect.reasonOf(done.cause()));
      failed(UpstreamConnect.outcomeOf(done.cause()));
    }
  }

  // The first bytes that the backend sees, before anything of the client's.
  private void introduce(Channel to) {
    PoolConfig config = pool.config();
    if (ProxyVersion.of(config) != null) {
      byte[] header = session.proxyHeader(config);
      to.writeAndFlush(to.alloc().directBuffer(header.length).writeBytes(header), to.voidPromise());
    }
  }

  private void failed(Outcome outcome) {
    nothingLeft = outcome == Outcome.LOCAL ? Cause.LOCAL_LIMIT : Cause.CONNECT_FAILED;
    // One port of many says nothing about the others, nor about the backend.
    lease.end(backend.address().isRelative() ? Outcome.LOCAL : outcome, true, clientHash());
    markTried(backend);
    next(false);
  }

  // The queue, of which the session's timer ends the waiting.

  private void queue(boolean front, PoolConfig config) {
    if (queuedSince == 0) {
      queuedSince = loop.now();
    }
    long left = queuedSince + config.limits().queueTimeout().toNanos() - loop.now();
    long bound = (long) config.limits().queue() * Math.max(1, pool.backends().size());
    WaitQueue.Slot slot = waiting();
    if (left <= 0) {
      session.unreachable(Cause.QUEUE_TIMEOUT);
    } else if (!slot.add(this, front, (int) Math.min(bound, Integer.MAX_VALUE))) {
      session.unreachable(Cause.QUEUE_FULL);
    } else {
      queued = true;
      session.waitAtMost(left);
      // A session that ended just before could not wake this one.
      if (!front && roomNow(config) && slot.remove(this)) {
        loop.loop().execute(this::turn);
      }
    }
  }

  /** Sessions of this loop that wait for a backend with room. */
  private WaitQueue.Slot waiting() {
    return pool.waiting().slot(loop.loop());
  }

  private boolean roomNow(PoolConfig config) {
    Backend candidate = pool.pick(this);
    int limit = config.limits().requests();
    return candidate != null && (limit == 0 || candidate.load() < limit);
  }

  @Override
  public long since() {
    return queuedSince;
  }

  @Override
  public void turn() {
    queued = false;
    queueNanos = loop.now() - queuedSince;
    if (over) {
      pool.waiting().freed();
    } else {
      next(true);
    }
  }

  /** It has waited long enough. */
  void expired() {
    session.unreachable(Cause.QUEUE_TIMEOUT);
  }

  /** The session has ended; what was begun is taken back. */
  void end(Outcome outcome) {
    over = true;
    if (queued && waiting().remove(this)) {
      queued = false;
    }
    if (lease != null) {
      lease.end(outcome, true, clientHash());
    }
  }

  /** The channel of the last attempt; null when there was none. */
  Channel channel() {
    return attempt == null ? null : attempt.channel();
  }

  /** Where backends are looked for. */
  Pool pool() {
    return pool;
  }

  /** The backend of the last attempt; null when there was none. */
  Backend backend() {
    return backend;
  }

  /** Attempts to connect. */
  int made() {
    return made;
  }

  /** -1 when it did not wait. */
  long queueNanos() {
    return queueNanos;
  }

  /** Of the last attempt; -1 when none has connected. */
  long connectNanos() {
    return connectNanos;
  }

  // What pickers may know.

  @Override
  public boolean tried(Backend candidate) {
    return !tried.isEmpty() && tried.contains(candidate);
  }

  private void markTried(Backend done) {
    if (tried.isEmpty()) {
      tried = new ArrayList<>(4);
    }
    tried.add(done);
  }

  private void forgetAfter(int size) {
    while (tried.size() > size) {
      tried.remove(tried.size() - 1);
    }
  }

  @Override
  public long hash() {
    return ClientAddress.hash(session.source());
  }

  private int clientHash() {
    long hash = hash();
    return (int) (hash ^ (hash >>> 32));
  }

  @Override
  public RandomGenerator random() {
    return loop.random();
  }
}
