package dev.weir.core.testing;

import dev.weir.core.balance.RoundRobin;
import dev.weir.core.config.BackendConfig;
import dev.weir.core.config.HostPort;
import dev.weir.core.config.PoolConfig;
import dev.weir.core.control.ControlLoop;
import dev.weir.core.discovery.Resolver;
import dev.weir.core.health.Checks;
import dev.weir.core.observe.LbObserver;
import dev.weir.core.pool.Pool;
import dev.weir.core.pool.PoolContext;
import dev.weir.core.pool.PoolSpec;
import java.net.InetSocketAddress;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SplittableRandom;

/** Pools for tests of what stands on them. */
public final class TestPools {
  /** Finds nothing. */
  public static final Resolver NOWHERE =
      (host, done) -> done.accept(new Resolver.Answer.Failed("no such name"));

  private TestPools() {}

  /** A pool without active checks that takes turns among backends b0, b1 and so on. */
  public static Pool of(String name, ControlLoop loop, InetSocketAddress... addresses) {
    Map<String, BackendConfig> backends = new LinkedHashMap<>();
    for (InetSocketAddress address : addresses) {
      HostPort at = new HostPort(address.getAddress().getHostAddress(), address.getPort());
      backends.put("b" + backends.size(), new BackendConfig(at, null, null, null));
    }
    return of(name, loop, new PoolConfig(null, null, backends, null, null, null));
  }

  /** A pool with this configuration, except that it takes turns and does not probe. */
  public static Pool of(String name, ControlLoop loop, PoolConfig config) {
    return new Pool(
        name,
        new PoolSpec(config, new RoundRobin(0), null),
        context(loop, NOWHERE, LbObserver.NONE),
        gone -> {},
        true);
  }

  /** What pools share, on this loop, with seeded chance. */
  public static PoolContext context(ControlLoop loop, Resolver resolver, LbObserver observer) {
    Checks checks = Checks.of(loop, new ManualWallClock(loop.ticker()), new SplittableRandom(1));
    return new PoolContext(
        checks, resolver, observer, pool -> observer.poolTurned(pool.name(), pool.hasEligible()));
  }
}
