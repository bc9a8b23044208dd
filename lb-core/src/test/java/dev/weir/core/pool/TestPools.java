package dev.weir.core.pool;

import dev.weir.core.backend.Backend;
import dev.weir.core.backend.Health;
import dev.weir.core.backend.OutcomeSink;
import dev.weir.core.balance.Balancer;
import dev.weir.core.balance.PickContext;
import dev.weir.core.balance.Picker;
import dev.weir.core.config.AdminState;
import dev.weir.core.config.HostPort;
import dev.weir.core.config.PoolConfig;
import dev.weir.core.observe.LbObserver;
import dev.weir.core.testing.ManualControlLoop;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Pools for the tests of protocols, with backends that the test makes and judges itself. For pools
 * as they really are see {@link dev.weir.core.testing.TestPools}.
 */
public final class TestPools {
  private static final OutcomeSink NOWHERE = (backend, outcome, fresh, client) -> {};

  private TestPools() {}

  /** The first eligible backend that was not tried, in the order given. */
  public static Pool inOrder(String name, PoolConfig config, List<Backend> backends) {
    return fixed(name, config, backends, context -> from(0, backends, context));
  }

  /** Takes turns among healthy backends web-0, web-1 and so on of a pool {@code web}. */
  public static Pool of(PoolConfig config, InetSocketAddress... addresses) {
    List<Backend> backends = new ArrayList<>();
    for (InetSocketAddress address : addresses) {
      HostPort configured = new HostPort(address.getHostString(), address.getPort());
      Backend backend = new Backend("web", "web-" + backends.size(), configured, NOWHERE);
      backend.resolved(address);
      backend.judged(AdminState.READY, Health.HEALTHY, true);
      backends.add(backend);
    }
    AtomicInteger next = new AtomicInteger();
    return fixed(
        "web", config, backends, context -> from(next.getAndIncrement(), backends, context));
  }

  /** These backends, and what chooses among them. */
  public static Pool fixed(String name, PoolConfig config, List<Backend> backends, Picker picker) {
    Balancer none = candidates -> context -> null;
    PoolConfig empty = config.withBackends(Map.of());
    PoolContext context =
        dev.weir.core.testing.TestPools.context(
            new ManualControlLoop(), dev.weir.core.testing.TestPools.NOWHERE, LbObserver.NONE);
    Pool pool = new Pool(name, new PoolSpec(empty, none, null), context, gone -> {}, true);
    PoolSpec spec = new PoolSpec(config, none, null);
    pool.show(new PoolView(spec, List.of(), List.copyOf(backends), List.of(picker), backends));
    return pool;
  }

  private static Backend from(int start, List<Backend> backends, PickContext context) {
    for (int i = 0; i < backends.size(); i++) {
      Backend backend = backends.get(Math.floorMod(start + i, backends.size()));
      if (backend.eligible() && !context.tried(backend)) {
        return backend;
      }
    }
    return null;
  }
}
