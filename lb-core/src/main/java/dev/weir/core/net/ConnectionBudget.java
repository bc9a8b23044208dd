package dev.weir.core.net;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How many connections the whole process may hold. Every client connection is counted by its
 * listener and every connection to a backend by {@link UpstreamConnect}, on the event loops; the
 * descriptors that others hold (files, the admin API, probes of other kinds) are sampled once a
 * second on a thread of its own. When the cap is reached, or fewer than {@value #RESERVED}
 * descriptors are left, every listening socket stops accepting until there is room again; what is
 * connected is not touched. Read by metrics from any thread.
 */
public final class ConnectionBudget implements AutoCloseable {
  /** Descriptors kept free for existing traffic, probes and the admin API. */
  public static final int RESERVED = 64;

  private static final Logger LOG = LoggerFactory.getLogger(ConnectionBudget.class);

  // What the process needs besides client connections and as many backend connections.
  private static final int OWN = 256;

  private final int max;
  private final int limit;
  private final Descriptors descriptors;
  private final AtomicInteger clients = new AtomicInteger();
  private final AtomicInteger sessions = new AtomicInteger();
  private final AtomicInteger upstreams = new AtomicInteger();
  private final LongAdder pauses = new LongAdder();
  private final LongAdder acceptFailures = new LongAdder();
  private final Set<Runnable> watchers = ConcurrentHashMap.newKeySet();
  private final ScheduledExecutorService sampler;
  private volatile int others;
  private volatile boolean exhausted;
  private long reported;

  ConnectionBudget(Integer maxConnections, Descriptors descriptors) {
    this.descriptors = descriptors;
    limit = descriptors.limit();
    max = maxConnections != null ? maxConnections : defaultMax(limit);
    sampler =
        Executors.newSingleThreadScheduledExecutor(
            task -> {
              Thread thread = new Thread(task, "weir-descriptors");
              thread.setDaemon(true);
              return thread;
            });
  }

  private ConnectionBudget() {
    descriptors = null;
    limit = Integer.MAX_VALUE;
    max = Integer.MAX_VALUE;
    sampler = null;
  }

  /** No limit but the kernel's; for tools and tests. */
  public static ConnectionBudget unlimited() {
    return new ConnectionBudget();
  }

  /**
   * The budget of this process; begins to sample.
   *
   * @param maxConnections client connections at once, at least 1; null: (open-file limit - 256) / 2
   */
  public static ConnectionBudget ofProcess(Integer maxConnections) {
    ConnectionBudget budget = new ConnectionBudget(maxConnections, Descriptors.ofProcess());
    budget.sampler.scheduleWithFixedDelay(budget::sampleGuarded, 0, 1, TimeUnit.SECONDS);
    return budget;
  }

  /**
   * The most client connections that a process like this one may have.
   *
   * @param configured null: by the open-file limit
   */
  public static int mostClients(Integer configured) {
    return configured != null ? configured : defaultMax(Descriptors.ofProcess().limit());
  }

  private static int defaultMax(int limit) {
    return limit == Integer.MAX_VALUE ? limit : Math.max(1, (limit - OWN) / 2);
  }

  /** Client connections open now. */
  public int connections() {
    return clients.get();
  }

  /** The most client connections there may be. */
  public int maxConnections() {
    return max;
  }

  /** Descriptors that the process may have; {@link Integer#MAX_VALUE} when that is not limited. */
  public int openFiles() {
    return limit;
  }

  /** Connections to backends open or being made now. */
  public int upstreamConnections() {
    return upstreams.get();
  }

  /** Descriptors still to be had, as of the last sample. */
  public int descriptorsLeft() {
    return limit == Integer.MAX_VALUE
        ? limit
        : Math.max(0, limit - others - clients.get() - upstreams.get());
  }

  /** Whether accepting is paused for want of connections or descriptors. */
  public boolean exhausted() {
    return exhausted;
  }

  /** How often accepting was paused since the start. */
  public long pauses() {
    return pauses.sum();
  }

  /** How often the kernel refused to accept for want of descriptors or memory. */
  public long acceptFailures() {
    return acceptFailures.sum();
  }

  void clientOpened() {
    int now = clients.incrementAndGet();
    if (!exhausted && (now >= max || now + upstreams.get() + others > limit - RESERVED)) {
      evaluate();
    }
  }

  void clientClosed() {
    clients.decrementAndGet();
    if (exhausted) {
      evaluate();
    }
  }

  /**
   * A UDP session wants to begin: it counts as a client connection, and there may be half as many.
   * Whoever sends datagrams may forge where they come from; the other half is for those who have
   * answered a handshake.
   *
   * @return false when there is no room; nothing is counted then
   */
  boolean sessionOpened() {
    if (exhausted) {
      return false;
    }
    if (sessions.incrementAndGet() > Math.max(1, max / 2)) {
      sessions.decrementAndGet();
      return false;
    }
    clientOpened();
    return true;
  }

  void sessionClosed() {
    sessions.decrementAndGet();
    clientClosed();
  }

  void upstreamOpened() {
    int now = upstreams.incrementAndGet();
    if (!exhausted && now + clients.get() + others > limit - RESERVED) {
      evaluate();
    }
  }

  void upstreamClosed() {
    upstreams.decrementAndGet();
    if (exhausted) {
      evaluate();
    }
  }

  void acceptFailed() {
    acceptFailures.increment();
  }

  /** Calls back, on any thread, each time {@link #exhausted} changes. */
  void watch(Runnable changed) {
    watchers.add(changed);
  }

  void unwatch(Runnable changed) {
    watchers.remove(changed);
  }

  private void sampleGuarded() {
    try {
      sample();
    } catch (RuntimeException failure) {
      LOG.warn("cannot count the open descriptors", failure);
    }
  }

  /** Counts the descriptors that are not our connections. */
  void sample() {
    others = Math.max(0, descriptors.open() - clients.get() - upstreams.get());
    evaluate();
    if (pauses() != reported) {
      reported = pauses();
      LOG.warn(
          "accepting was paused, {} times so far; now {} of {} client connections, {} connections to"
              + " backends, {} descriptors left",
          reported,
          clients.get(),
          max,
          upstreams.get(),
          descriptorsLeft());
    }
  }

  // Looks again after each change of its own: a connection that closed in between, without seeing
  // the change, would otherwise leave the pause standing with nobody to end it.
  private synchronized void evaluate() {
    while (wanted() != exhausted) {
      exhausted = !exhausted;
      if (exhausted) {
        pauses.increment();
      }
      watchers.forEach(Runnable::run);
    }
  }

  // Room for a few before going on, so that one connection at the edge does not toggle all sockets.
  private boolean wanted() {
    if (exhausted) {
      int gap = Math.max(1, Math.min(RESERVED, max / 32));
      return clients.get() > max - gap || descriptorsLeft() < RESERVED + gap;
    }
    return clients.get() >= max || descriptorsLeft() < RESERVED;
  }

  /** Stops sampling. */
  @Override
  public void close() {
    if (sampler != null) {
      sampler.shutdownNow();
    }
  }
}
