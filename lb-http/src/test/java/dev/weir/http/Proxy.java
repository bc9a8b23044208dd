package dev.weir.http;

import dev.weir.core.backend.Backend;
import dev.weir.core.backend.DetectorState;
import dev.weir.core.config.BackendConfig;
import dev.weir.core.config.HostPort;
import dev.weir.core.config.ListenerConfig;
import dev.weir.core.config.PoolConfig;
import dev.weir.core.control.ThreadControlLoop;
import dev.weir.core.control.Ticker;
import dev.weir.core.control.WallClock;
import dev.weir.core.net.Listener;
import dev.weir.core.net.Loops;
import dev.weir.core.net.Transport;
import dev.weir.core.observe.Cause;
import dev.weir.core.observe.EndSummary;
import dev.weir.core.observe.LbObserver;
import dev.weir.core.pool.Pool;
import dev.weir.core.runtime.Protocol;
import dev.weir.core.testing.TestPools;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;

/** A running HTTP listener with its pools, for tests; closes everything and checks the leases. */
final class Proxy implements AutoCloseable {
  record Ended(int status, Cause cause, int attempts, String backend, boolean avoidable) {}

  final Queue<Ended> ended = new ConcurrentLinkedQueue<>();
  final Queue<String> routes = new ConcurrentLinkedQueue<>();
  final Queue<Cause> closed = new ConcurrentLinkedQueue<>();
  final Queue<Cause> refused = new ConcurrentLinkedQueue<>();

  /** How much the clock of the event loops is ahead, in nanoseconds. */
  final AtomicLong ahead = new AtomicLong();

  final Loops loops;
  final Pool pool;
  private final Map<String, Pool> pools = new LinkedHashMap<>();
  final Listener listener;
  private final HttpProtocol http;
  private final ThreadControlLoop control;

  Proxy(ListenerConfig config, PoolConfig poolConfig, InetSocketAddress... backends)
      throws Exception {
    this(config, Map.of("web", withBackends(poolConfig, backends)));
  }

  /** With these pools; the one named web is {@link #pool}. */
  Proxy(ListenerConfig config, Map<String, PoolConfig> poolConfigs) throws Exception {
    Ticker ticker = () -> Ticker.system().nanos() + ahead.get();
    loops = new Loops(Transport.of("auto"), 1, ticker, new SplittableRandom(1));
    http = new HttpProtocol(loops, WallClock.system());
    control = new ThreadControlLoop(Ticker.system());
    for (Map.Entry<String, PoolConfig> each : poolConfigs.entrySet()) {
      pools.put(each.getKey(), TestPools.of(each.getKey(), control, each.getValue()));
    }
    pool = pools.get("web");
    LbObserver observer =
        new LbObserver() {
          @Override
          public void exchangeEnded(EndSummary e) {
            String name = e.backend() == null ? null : e.backend().name();
            routes.add(e.route() == null ? "-" : e.route());
            ended.add(new Ended(e.status(), e.cause(), e.attempts(), name, e.avoidable()));
          }

          @Override
          public void connectionRefused(int loop, String name, Cause cause) {
            refused.add(cause);
          }

          @Override
          public void connectionClosed(int loop, String name, Cause cause) {
            closed.add(cause);
          }
        };
    Protocol.Scope scope = new Protocol.Scope("web", config, pools, loops, observer);
    listener = Listener.open("web", config.bind(), loops, http.handler(scope));
  }

  /** Defaults, in front of these backends. */
  static Proxy to(InetSocketAddress... backends) throws Exception {
    return new Proxy(listening(null, null), pooling(null), backends);
  }

  static ListenerConfig listening(
      ListenerConfig.Timeouts timeouts, ListenerConfig.Limits limits, String... trusted) {
    return new ListenerConfig(
        new HostPort("127.0.0.1", 0), "http", List.of(), "web", timeouts, limits, List.of(trusted));
  }

  static PoolConfig limited(Integer requests, Integer connections, Integer queue, Duration wait) {
    PoolConfig.Limits limits = new PoolConfig.Limits(requests, connections, queue, wait);
    return new PoolConfig(null, null, null, null, null, limits);
  }

  static PoolConfig pooling(PoolConfig.Timeouts timeouts) {
    return new PoolConfig(null, null, null, timeouts, null, null);
  }

  static PoolConfig withBackends(PoolConfig config, InetSocketAddress... addresses) {
    Map<String, BackendConfig> backends = new LinkedHashMap<>();
    for (InetSocketAddress address : addresses) {
      HostPort at = new HostPort(address.getAddress().getHostAddress(), address.getPort());
      backends.put("b" + backends.size(), new BackendConfig(at, null, null, null));
    }
    return config.withBackends(backends);
  }

  RawClient client() throws Exception {
    return new RawClient(listener.address());
  }

  /** As the control loop does when a backend is taken out. */
  void eject(int backend) {
    Backend out = pool.backends().get(backend);
    out.detected(DetectorState.EJECTED);
    http.detectorChanged(out, DetectorState.OK, DetectorState.EJECTED, "test");
  }

  /** Has reached every connection when it returns. */
  void drain() throws Exception {
    listener.drain();
    loops.get(0).loop().submit(() -> {}).get();
  }

  int leases() {
    return pools.values().stream()
        .flatMap(each -> each.backends().stream())
        .mapToInt(backend -> backend.load())
        .sum();
  }

  @Override
  public void close() throws Exception {
    listener.close().join();
    listener.abort();
    loops.close();
    control.close();
    if (leases() != 0) {
      throw new AssertionError("leases left: " + leases());
    }
  }
}
