package dev.weir.http;

import dev.weir.core.backend.Backend;
import dev.weir.core.backend.Lease;
import dev.weir.core.backend.Outcome;
import dev.weir.core.balance.PickContext;
import dev.weir.core.config.PoolConfig;
import dev.weir.core.limit.WaitQueue;
import dev.weir.core.net.Deadline;
import dev.weir.core.net.ProxyVersion;
import dev.weir.core.observe.Cause;
import dev.weir.core.pool.Pool;
import java.util.Arrays;
import java.util.random.RandomGenerator;

/**
 * The tries of one exchange on backends of its pool: pick, lease, queue while there is no room,
 * reuse or connect; and when a try has failed, decide whether there may be another. Tells its
 * {@link Exchange} when there is a connection to send on, or when there will be none. Belongs to
 * the exchange's event loop.
 */
final class Attempts implements PickContext, WaitQueue.Waiter {
  private final Exchange exchange;
  private final HttpLoop loop;
  private Pool pool;
  private PoolConfig config;
  private PoolLoop shared;
  private int retries;

  private int made;
  private Backend backend;
  private Lease lease;
  private Upstream upstream;
  private boolean ready;
  private boolean proxied;
  private boolean forceFresh;
  private Backend[] tried;
  private int triedCount;

  private long queuedSince;
  private long queueNanos = -1;
  private long connectNanos = -1;
  private long connectSince;
  private Deadline queueTimer;
  private BackendLoop listedAt;

  /** Neighbours among those that wait for the same backend; written by {@link BackendLoop}. */
  Attempts nextWaiting;

  Attempts previousWaiting;

  Attempts(Exchange exchange, HttpLoop loop) {
    this.exchange = exchange;
    this.loop = loop;
  }

  // ---- pick, lease, queue

  void start(Pool from, Route route) {
    use(from.serving());
    retries = route.retries(config);
    shared.budget().request(exchange.summary.startNanos);
    next(false);
  }

  private void use(Pool from) {
    pool = from;
    config = from.config();
    shared = loop.of(from);
  }

  /** Another try; {@code queued}: its turn in the queue has come. */
  private void next(boolean queued) {
    int before = triedCount;
    boolean full = false;
    for (Backend choice = pool.pick(this); choice != null; choice = pool.pick(this)) {
      lease = choice.tryLease();
      if (lease != null && tryConnection(choice)) {
        triedCount = before;
        return;
      }
      // No room there: not tried, but not to be picked again just now.
      full = true;
      if (lease != null) {
        endLease(Outcome.LOCAL, false);
      }
      markTried(choice);
    }
    triedCount = before;
    if (full) {
      queue(queued);
    } else if (pool.serving() != pool) {
      use(pool.serving());
      next(false);
    } else {
      exchange.noBackend();
    }
  }

  private boolean tryConnection(Backend choice) {
    BackendLoop at = loop.of(choice);
    boolean repeatable = exchange.request.method.idempotent;
    long now = now();
    proxied = ProxyVersion.of(config) != null;
    boolean own = proxied || config.fromClient();
    ProxiedClient client = own ? exchange.client.proxied() : null;
    Upstream waiting = forceFresh ? null : at.idle().take(client, repeatable, now);
    if (waiting == null && !choice.tryConnect()) {
      if (!at.idle().closeOne()) {
        loop.askOthersToClose(choice);
      }
      return false;
    }
    made++;
    backend = choice;
    if (waiting == null) {
      connectSince = now;
      upstream = Dial.start(choice, client, exchange, config);
    } else {
      connectNanos = 0;
      upstream = waiting;
      upstream.reuse(exchange, now);
      send();
    }
    return true;
  }

  /** The first try follows the head at once. */
  private long now() {
    boolean first = made == 0 && queuedSince == 0;
    return first ? exchange.summary.startNanos + exchange.summary.headNanos : loop.context.now();
  }

  private void queue(boolean front) {
    if (queuedSince == 0) {
      queuedSince = loop.context.now();
    }
    long left = queuedSince + config.limits().queueTimeout().toNanos() - loop.context.now();
    long bound = (long) config.limits().queue() * Math.max(1, pool.backends().size());
    if (left <= 0) {
      exchange.refuse(new Refusal(503, Cause.QUEUE_TIMEOUT, "no backend had room in time"));
    } else if (!shared.queue().add(this, front, (int) Math.min(bound, Integer.MAX_VALUE))) {
      exchange.refuse(new Refusal(503, Cause.QUEUE_FULL, "too many requests wait for a backend"));
    } else {
      armQueueTimer(left);
      if (!front && roomNow() && shared.queue().remove(this)) {
        loop.context.loop().execute(this::turn);
      }
    }
  }

  /** Whether room has appeared since the last look, of which the queue did not tell. */
  private boolean roomNow() {
    Backend candidate = pool.pick(this);
    return candidate != null
        && (config.limits().requests() == 0 || candidate.load() < config.limits().requests())
        && (config.limits().connections() == 0
            || candidate.connections() < config.limits().connections());
  }

  private void armQueueTimer(long nanos) {
    if (queueTimer == null) {
      queueTimer =
          new Deadline() {
            @Override
            protected void expired() {
              if (shared.queue().remove(Attempts.this)) {
                exchange.refuse(
                    new Refusal(503, Cause.QUEUE_TIMEOUT, "no backend had room in time"));
                exchange.flush();
              }
            }
          };
    }
    loop.context.wheel().arm(queueTimer, nanos);
  }

  @Override
  public long since() {
    return queuedSince;
  }

  @Override
  public void turn() {
    loop.context.wheel().disarm(queueTimer);
    queueNanos = loop.context.now() - queuedSince;
    if (exchange.ended) {
      pool.waiting().freed();
    } else {
      next(true);
      exchange.flush();
    }
  }

  // ---- the connection of this try

  void connected(Upstream to) {
    if (to == upstream) {
      connectNanos = loop.context.now() - connectSince;
      if (proxied) {
        to.output().bytes(to.client().header(config));
      }
      send();
    }
  }

  private void send() {
    ready = true;
    exchange.send();
  }

  void connectFailed(Outcome outcome) {
    upstream = null;
    endLease(outcome, true);
    markTried(backend);
    if (outcome == Outcome.LOCAL) {
      exchange.refuse(new Refusal(503, Cause.LOCAL_LIMIT, "too many connections"));
    } else if (made <= retries) {
      exchange.summary.cause = Cause.CONNECT_FAILED;
      next(false);
      exchange.flush();
    } else {
      exchange.connectGivenUp();
    }
  }

  /** The whole request is on its way: from now on it waits for this backend. */
  void sent() {
    if (exchange.repeatable()) {
      listedAt = loop.of(backend);
      listedAt.waits(this);
    }
  }

  /** The answer has begun; nobody rescues it any more. */
  void answering() {
    unlist();
  }

  private void unlist() {
    if (listedAt != null) {
      listedAt.settled(this);
      listedAt = null;
    }
  }

  // ---- after a failed try

  /** The try is over: its connection has left by itself. */
  void broke(Outcome outcome, boolean fresh) {
    unlist();
    upstream = null;
    ready = false;
    endLease(outcome, fresh);
  }

  /** Whether another try, of a request that was sent, is within its number and the budget. */
  boolean tryRepeat() {
    return made <= retries && shared.budget().tryRetry(loop.context.now());
  }

  /** Whether somebody who was not tried could be. */
  boolean anotherThere() {
    markTried(backend);
    return pool.pick(this) != null;
  }

  /**
   * The next try of a request that was sent.
   *
   * @param stale it failed because a kept connection was closed already, which says nothing against
   *     the backend
   */
  void repeat(boolean stale) {
    if (stale) {
      forceFresh = true;
    } else {
      markTried(backend);
    }
    next(false);
  }

  /** Its backend was taken out while it waits for the answer: tries another, if there is one. */
  void rescue() {
    if (made > retries || !anotherThere()) {
      return;
    }
    Upstream was = upstream;
    broke(Outcome.LOCAL, false);
    was.abandon();
    next(false);
    exchange.flush();
  }

  /** Gives up the try from our side. */
  void abandon(Outcome outcome) {
    if (queuedSince != 0 && shared.queue().remove(this)) {
      loop.context.wheel().disarm(queueTimer);
    }
    Upstream was = upstream;
    broke(outcome, was != null && !was.reused());
    if (was != null) {
      was.abandon();
    }
  }

  /** The try has succeeded; its connection has left. */
  void succeeded(int status) {
    Outcome outcome =
        switch (status) {
          case 500 -> Outcome.STATUS_500;
          case 502, 503, 504 -> Outcome.STATUS_GATEWAY;
          case 429 -> Outcome.STATUS_OVERLOAD;
          default -> Outcome.OK;
        };
    broke(outcome, upstream != null && !upstream.reused());
  }

  private void endLease(Outcome outcome, boolean fresh) {
    if (lease != null) {
      lease.end(outcome, fresh, (int) exchange.origin.hash());
      lease = null;
    }
  }

  private void markTried(Backend done) {
    if (tried == null) {
      tried = new Backend[4];
    }
    if (triedCount == tried.length) {
      tried = Arrays.copyOf(tried, triedCount * 2);
    }
    tried[triedCount++] = done;
  }

  // ---- what others may know

  /** Tries made, those that waited in the queue in vain not counted. */
  int made() {
    return made;
  }

  /** -1 when it did not wait. */
  long queueNanos() {
    return queueNanos;
  }

  /** Of the last try that has connected; -1 when none has. */
  long connectNanos() {
    return connectNanos;
  }

  Pool pool() {
    return pool;
  }

  PoolConfig config() {
    return config;
  }

  Backend backend() {
    return backend;
  }

  /** The connection of this try; null when there is none. */
  Upstream upstream() {
    return upstream;
  }

  /** Whether the request may be written to {@link #upstream}. */
  boolean ready() {
    return ready;
  }

  @Override
  public long hash() {
    return exchange.origin.hash();
  }

  @Override
  public RandomGenerator random() {
    return loop.context.random();
  }

  @Override
  public boolean tried(Backend candidate) {
    for (int i = 0; i < triedCount; i++) {
      if (tried[i] == candidate) {
        return true;
      }
    }
    return false;
  }
}
