package dev.weir.admin.metrics;

import dev.weir.core.backend.Backend;
import dev.weir.core.backend.DetectorState;
import dev.weir.core.backend.Health;
import dev.weir.core.observe.Cause;
import dev.weir.core.observe.Drop;
import dev.weir.core.observe.EndSummary;
import dev.weir.core.observe.LbObserver;
import dev.weir.core.observe.ProxyHeader;
import dev.weir.core.runtime.Snapshot;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;

/**
 * Counts traffic: an observer that costs a few additions to plain cells of the event loop for each
 * event. Written by the event loops; read by {@link Metrics} at a scrape and by the admin API.
 * Counters of single backends live in the backend itself.
 */
public final class TrafficMetrics implements LbObserver {
  // Cells of names that left the configuration are dropped at every scrape; this bounds them when
  // nobody scrapes.
  private static final int PRUNE_AT = 1024;

  private final int loops;
  private final ConcurrentHashMap<String, ListenerCells> listeners = new ConcurrentHashMap<>();
  private final ConcurrentHashMap<String, PoolCells> pools = new ConcurrentHashMap<>();
  private final LongAdder changes = new LongAdder();
  private final LongAdder healthChanges = new LongAdder();
  private final LongAdder ejections = new LongAdder();
  private volatile Supplier<Snapshot> running = () -> null;
  private volatile int pruneAt = PRUNE_AT;

  /**
   * All zero.
   *
   * @param loops the number of event loops of the data path
   */
  public TrafficMetrics(int loops) {
    this.loops = loops;
  }

  @Override
  public void connectionOpened(int loop, String listener) {
    listener(listener).opened(loop);
  }

  @Override
  public void connectionRefused(int loop, String listener, Cause cause) {
    listener(listener).refused(loop, cause);
  }

  @Override
  public void proxyHeader(int loop, String listener, ProxyHeader header) {
    listener(listener).told(loop, header);
  }

  @Override
  public void connectionClosed(int loop, String listener, Cause cause) {
    listener(listener).closed(loop, cause);
  }

  @Override
  public void datagramDropped(int loop, String listener, Drop why) {
    listener(listener).dropped(loop, why);
  }

  @Override
  public void exchangeEnded(EndSummary exchange) {
    listener(exchange.listener()).exchange(exchange);
    if (exchange.pool() != null) {
      pool(exchange.pool()).exchange(exchange);
    }
  }

  @Override
  public void sessionEnded(EndSummary session) {
    listener(session.listener()).session(session);
    if (session.pool() != null) {
      pool(session.pool()).session(session);
    }
  }

  @Override
  public void healthChanged(Backend backend, Health from, Health to, String reason) {
    healthChanges.increment();
  }

  @Override
  public void detectorChanged(
      Backend backend, DetectorState from, DetectorState to, String reason) {
    if (to == DetectorState.EJECTED) {
      ejections.increment();
    }
  }

  @Override
  public void applied(long generation, String author, String reason) {
    changes.increment();
    Snapshot snapshot = running.get();
    if (snapshot != null && listeners.size() + pools.size() > pruneAt) {
      retain(snapshot);
      pruneAt = Math.max(PRUNE_AT, 2 * (listeners.size() + pools.size()));
    }
  }

  /** Where the names in use are to be had. */
  void running(Supplier<Snapshot> source) {
    running = source;
  }

  /** Client connections that a listener has open now; 0 for an unknown one. Any thread. */
  public long openConnections(String listener) {
    ListenerCells cells = listeners.get(listener);
    return cells == null ? 0 : cells.open();
  }

  // The names come from the configuration, so there is a cell for each after its first event; get
  // first, because computeIfAbsent locks.
  private ListenerCells listener(String name) {
    ListenerCells cells = listeners.get(name);
    return cells != null ? cells : newListener(name);
  }

  private PoolCells pool(String name) {
    PoolCells cells = pools.get(name);
    return cells != null ? cells : newPool(name);
  }

  private ListenerCells newListener(String name) {
    return listeners.computeIfAbsent(name, unknown -> new ListenerCells(loops));
  }

  private PoolCells newPool(String name) {
    return pools.computeIfAbsent(name, unknown -> new PoolCells(loops));
  }

  /** The cells of a listener, made when there are none yet. */
  ListenerCells listenerCells(String name) {
    return listener(name);
  }

  /** The cells of a pool, made when there are none yet. */
  PoolCells poolCells(String name) {
    return pool(name);
  }

  /**
   * Drops the cells of what the configuration has no more; those of a listener only when its last
   * connection has closed, so that one of the same name does not begin below zero.
   */
  void retain(Snapshot snapshot) {
    var named = snapshot.config();
    listeners
        .entrySet()
        .removeIf(
            entry ->
                !named.listeners().containsKey(entry.getKey()) && entry.getValue().open() == 0);
    pools.keySet().removeIf(name -> !named.pools().containsKey(name));
  }

  /** Listeners and pools with cells. */
  int size() {
    return listeners.size() + pools.size();
  }

  long changes() {
    return changes.sum();
  }

  long healthChanges() {
    return healthChanges.sum();
  }

  long ejections() {
    return ejections.sum();
  }
}
