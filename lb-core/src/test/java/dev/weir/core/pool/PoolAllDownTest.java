package dev.weir.core.pool;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.core.backend.Backend;
import dev.weir.core.backend.Outcome;
import dev.weir.core.balance.Balancer;
import dev.weir.core.balance.RoundRobin;
import dev.weir.core.balance.SourceHash;
import dev.weir.core.config.AllDownConfig;
import dev.weir.core.config.BackendConfig;
import dev.weir.core.config.HealthConfig;
import dev.weir.core.config.HostPort;
import dev.weir.core.config.PoolConfig;
import dev.weir.core.health.Probe;
import dev.weir.core.health.ProbeResult;
import dev.weir.core.observe.LbObserver;
import dev.weir.core.testing.ManualControlLoop;
import dev.weir.core.testing.TestPools;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** When nobody in a pool is eligible: who is told, and who stands in. */
class PoolAllDownTest {
  private static final HealthConfig CHECKED =
      new HealthConfig(null, null, null, null, null, null, null);
  private static final String A = "10.0.0.1:80";
  private static final String B = "10.0.0.2:80";

  private final ManualControlLoop loop = new ManualControlLoop();
  private final List<String> turns = new ArrayList<>();
  private final Set<String> down = new HashSet<>();

  private final Probe probe =
      (target, authority, timeout, done) -> {
        boolean success = !down.contains(authority);
        done.accept(new ProbeResult(success, success ? "200" : "connection refused", 1));
        return () -> {};
      };

  private final LbObserver observer =
      new LbObserver() {
        @Override
        public void poolTurned(String pool, boolean eligible) {
          turns.add(pool + " " + eligible);
        }
      };

  static Stream<Balancer> balancers() {
    return Stream.of(new RoundRobin(0), new SourceHash());
  }

  private static PoolConfig config(int weight, AllDownConfig allDown) {
    Map<String, BackendConfig> backends =
        Map.of(
            "a", new BackendConfig(HostPort.parse(A), weight, null, null),
            "b", new BackendConfig(HostPort.parse(B), weight, null, null));
    return new PoolConfig(null, CHECKED, backends, null, null, null).withAllDown(allDown);
  }

  private Pool pool(String name, Balancer balancer) {
    PoolContext context = TestPools.context(loop, TestPools.NOWHERE, observer);
    PoolSpec spec = new PoolSpec(config(100, null), balancer, probe);
    Pool pool = new Pool(name, spec, context, gone -> {}, true);
    loop.run(() -> context.checks().stalls().start());
    loop.run(pool::start);
    return pool;
  }

  private void change(Pool pool, PoolConfig config) {
    PoolChange change = pool.prepare(new PoolSpec(config, pool.spec().balancer(), probe));
    loop.run(change::apply);
  }

  private void pass(int seconds) {
    loop.advance(Duration.ofSeconds(seconds));
  }

  private static void refuse(Backend backend) {
    backend.tryLease().end(Outcome.REFUSED, true, 1);
  }

  @ParameterizedTest
  @MethodSource("balancers")
  void thatTheLastHasLeftAndTheFirstHasComeIsToldAtOnceAndOnce(Balancer balancer) {
    Pool pool = pool("web", balancer);
    pass(2);
    assertThat(turns).isEmpty();

    down.add(A);
    pass(5);
    assertThat(turns).as("somebody is left").isEmpty();
    down.add(B);
    pass(5);
    assertThat(turns).containsExactly("web false");
    assertThat(pool.serving()).isSameAs(pool);

    down.clear();
    pass(5);
    assertThat(turns).containsExactly("web false", "web true");
    down.addAll(List.of(A, B));
    pool.backends().forEach(PoolAllDownTest::refuse);
    loop.run();
    assertThat(turns)
        .as("traffic says so too")
        .containsExactly("web false", "web true", "web false");
  }

  @Test
  void newWorkGoesToTheFirstPoolInWhichSomebodyIs() {
    Pool first = pool("first", new RoundRobin(0));
    Pool second = pool("second", new RoundRobin(0));
    Pool third = pool("third", new RoundRobin(0));
    first.standIn(second);
    second.standIn(third);
    assertThat(first.serving()).isSameAs(first);

    change(first, config(0, null));
    assertThat(first.serving()).isSameAs(second);
    change(second, config(0, null));
    assertThat(first.serving()).isSameAs(third);
    assertThat(second.serving()).isSameAs(third);
    assertThat(first.closed()).isFalse();
    change(third, config(0, null));
    assertThat(first.serving()).as("nobody anywhere").isSameAs(first);
    assertThat(first.closed()).isFalse();

    change(third, config(0, AllDownConfig.CLOSE));
    assertThat(first.closed()).as("the last one decides").isTrue();
    third.standIn(first);
    assertThat(first.serving()).as("a circle, which lasts a moment at most").isSameAs(first);
    assertThat(turns).containsExactly("first false", "second false", "third false");
  }
}
