package dev.weir.core.pool;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.core.backend.Backend;
import dev.weir.core.backend.Outcome;
import dev.weir.core.balance.Balancer;
import dev.weir.core.balance.LeastRequests;
import dev.weir.core.balance.RoundRobin;
import dev.weir.core.balance.SourceHash;
import dev.weir.core.balance.WeightedRandom;
import dev.weir.core.config.BackendConfig;
import dev.weir.core.config.HostPort;
import dev.weir.core.config.PoolConfig;
import dev.weir.core.observe.LbObserver;
import dev.weir.core.testing.ManualControlLoop;
import dev.weir.core.testing.Picking;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Real threads pick while the pool changes under them. */
class PoolUnderChangeTest {
  private static final int PICKERS = 3;

  static Stream<Balancer> balancers() {
    return Stream.of(
        new RoundRobin(0), new LeastRequests(), new SourceHash(), new WeightedRandom());
  }

  private static PoolSpec spec(int round, Balancer balancer) {
    Map<String, BackendConfig> backends = new LinkedHashMap<>();
    backends.put("stays", backend(1, 100));
    for (int i = 2; i < 10; i++) {
      if ((round + i) % 3 != 0) {
        backends.put("b" + i, backend(i, 1 + (round + i) % 7));
      }
    }
    return new PoolSpec(new PoolConfig(null, null, backends, null, null, null), balancer, null);
  }

  private static BackendConfig backend(int number, int weight) {
    return new BackendConfig(new HostPort("10.0.0." + number, 80), weight, null, null);
  }

  @ParameterizedTest
  @MethodSource("balancers")
  void everyPickFindsAnEligibleBackendWhileMembersComeAndGo(Balancer balancer) throws Exception {
    ManualControlLoop loop = new ManualControlLoop();
    PoolContext context =
        dev.weir.core.testing.TestPools.context(
            loop, dev.weir.core.testing.TestPools.NOWHERE, LbObserver.NONE);
    Pool pool = new Pool("web", spec(0, balancer), context, gone -> {}, true);
    loop.run(pool::start);
    AtomicBoolean ended = new AtomicBoolean();
    ExecutorService threads = Executors.newFixedThreadPool(PICKERS);
    try {
      List<Future<Long>> picking = new ArrayList<>();
      for (int i = 0; i < PICKERS; i++) {
        int seed = i;
        picking.add(threads.submit(() -> pickUntil(ended, pool, seed)));
      }
      for (int round = 1; round <= 300; round++) {
        PoolChange change = pool.prepare(spec(round, balancer));
        loop.run(change::apply);
      }
      ended.set(true);
      for (Future<Long> result : picking) {
        assertThat(result.get(30, TimeUnit.SECONDS)).isPositive();
      }
    } finally {
      threads.shutdownNow();
    }
    assertThat(pool.backends()).allMatch(backend -> backend.load() == 0);
  }

  private static long pickUntil(AtomicBoolean ended, Pool pool, int seed) {
    Picking picking = Picking.by(new SplittableRandom(seed));
    long picks = 0;
    do {
      Backend backend = pool.pick(picking.withHash(picks));
      assertThat(backend).isNotNull();
      backend.tryLease().end(Outcome.OK, true, seed);
      picks++;
    } while (!ended.get());
    return picks;
  }
}
