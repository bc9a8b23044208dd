package dev.weir.core.pool;

import dev.weir.core.backend.Backend;
import dev.weir.core.backend.Health;
import dev.weir.core.backend.OutcomeSink;
import dev.weir.core.balance.Picker;
import dev.weir.core.config.AdminState;
import dev.weir.core.config.HostPort;
import dev.weir.core.config.PoolConfig;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

public final class TestPools {
  private TestPools() {}

  public static Pool of(PoolConfig config, InetSocketAddress... addresses) {
    List<Backend> backends = new ArrayList<>();
    OutcomeSink none = (b, o, f, c) -> {};
    for (InetSocketAddress address : addresses) {
      Backend b =
          new Backend(
              "web",
              "web-" + backends.size(),
              new HostPort(address.getHostString(), address.getPort()),
              none);
      b.resolved(address);
      b.judged(AdminState.READY, Health.HEALTHY, true);
      backends.add(b);
    }
    AtomicInteger next = new AtomicInteger();
    Picker picker =
        context -> {
          for (int i = 0; i < backends.size(); i++) {
            Backend b = backends.get(Math.floorMod(next.getAndIncrement(), backends.size()));
            if (b.eligible() && !context.tried(b)) {
              return b;
            }
          }
          return null;
        };
    return new Pool("web", new PoolView(config, backends, List.of(picker)));
  }
}
