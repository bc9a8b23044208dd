package dev.weir.core.health;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.core.backend.Backend;
import dev.weir.core.backend.Health;
import dev.weir.core.config.HealthConfig;
import dev.weir.core.config.HostPort;
import dev.weir.core.testing.ManualControlLoop;
import dev.weir.core.testing.ManualWallClock;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class HealthCheckerTest {
  private static final Duration INTERVAL = Duration.ofSeconds(2);
  private static final Duration TIMEOUT = Duration.ofMillis(500);

  private final ManualControlLoop loop = new ManualControlLoop();
  private final Checks checks =
      Checks.of(loop, new ManualWallClock(loop.ticker()), new SplittableRandom(1));
  private final HealthConfig config =
      new HealthConfig(null, null, INTERVAL, TIMEOUT, 2, 3, Duration.ofMillis(250));
  private final ProbeHistory history = new ProbeHistory();
  private final List<String> changes = new ArrayList<>();
  private final List<Long> asked = new ArrayList<>();
  private final List<Consumer<ProbeResult>> open = new ArrayList<>();
  private int cancelled;

  /** What probes say at once; null: nothing, the test answers. */
  private Boolean answer = true;

  @BeforeEach
  void watch() {
    loop.run(() -> checks.stalls().start());
  }

  private HealthChecker checker(String name, Health from) {
    Backend backend = new Backend("web", name, new HostPort("10.0.0.1", 80), (b, o, f, c) -> {});
    backend.resolved(new InetSocketAddress(InetAddress.getLoopbackAddress(), 80));
    HealthChecker.Owner owner =
        new HealthChecker.Owner() {
          @Override
          public void probed(boolean success) {}

          @Override
          public void changed(Health was, Health is, String reason) {
            changes.add(was + ">" + is + ": " + reason);
          }
        };
    return new HealthChecker(
        backend, new HealthChecker.Plan(config, this::ask, history), from, checks, owner);
  }

  private dev.weir.core.control.ControlLoop.Cancellable ask(
      SocketAddress target, String authority, Duration timeout, Consumer<ProbeResult> done) {
    asked.add(loop.ticker().nanos() / 1_000_000);
    if (answer == null) {
      open.add(done);
    } else {
      done.accept(result(answer));
    }
    return () -> cancelled++;
  }

  private static ProbeResult result(boolean success) {
    return new ProbeResult(success, success ? "200" : "connection refused", 1_000_000);
  }

  private void pass(long millis) {
    loop.advance(Duration.ofMillis(millis));
  }

  @Test
  void oneResultDecidesWhileNothingIsKnown() {
    HealthChecker checker = checker("a", Health.CHECKING);
    loop.run(checker::startNow);
    assertThat(changes).containsExactly("CHECKING>HEALTHY: the probe succeeded: 200");
    assertThat(history.newestFirst()).hasSize(1);
    assertThat(history.newestFirst().get(0).epochMillis()).isEqualTo(ManualWallClock.START);
  }

  @Test
  void probesComeOncePerIntervalWithATenthOfJitter() {
    loop.run(checker("a", Health.HEALTHY)::startNow);
    pass(200_000);
    assertThat(asked.size()).isBetween(95, 106);
    for (int i = 1; i < asked.size(); i++) {
      assertThat(asked.get(i) - asked.get(i - 1)).isBetween(1_799L, 2_201L);
    }
    assertThat(IntStream.range(1, asked.size()).mapToLong(i -> asked.get(i) - asked.get(i - 1)))
        .hasSizeGreaterThan(20);
  }

  @Test
  void aBackendThatRefusesIsOutWithinTheDocumentedBound() {
    loop.run(checker("a", Health.HEALTHY)::startNow);
    pass(5);
    answer = false;
    long from = loop.ticker().nanos() / 1_000_000;
    while (changes.isEmpty()) {
      pass(10);
    }
    // I(1+j) + (F-1) Fi (1+j)
    assertThat(loop.ticker().nanos() / 1_000_000 - from).isLessThanOrEqualTo(2_760);
    assertThat(changes).containsExactly("HEALTHY>UNHEALTHY: connection refused");
    assertThat(asked.get(2) - asked.get(1)).isBetween(224L, 276L);
  }

  @Test
  void oneFailureAmongSuccessesChangesNothing() {
    loop.run(checker("a", Health.HEALTHY)::startNow);
    answer = false;
    pass(2_201);
    answer = true;
    pass(10_000);
    assertThat(changes).isEmpty();
  }

  @Test
  void itComesBackAfterRiseSuccessesOfWhichTheSecondIsFast() {
    answer = false;
    loop.run(checker("a", Health.UNHEALTHY)::startNow);
    pass(1_000);
    answer = true;
    pass(2_201 + 276 - 1_000);
    assertThat(changes).containsExactly("UNHEALTHY>HEALTHY: the probe succeeded: 200");
  }

  @Test
  void aBackendThatStaysDownIsProbedAtTheOrdinaryRate() {
    answer = false;
    loop.run(checker("a", Health.UNHEALTHY)::startNow);
    pass(100_000);
    assertThat(asked.size()).isBetween(45, 56);
  }

  @Test
  void aFailureWhileThisProcessStoodStillIsNotCounted() {
    answer = null;
    HealthChecker checker = checker("a", Health.CHECKING);
    loop.run(checker::startNow);
    loop.stall(Duration.ofSeconds(3));
    open.get(0).accept(new ProbeResult(false, "no answer within 500 ms", 3_000_000_000L));
    answer = true;
    pass(300);
    assertThat(changes).containsExactly("CHECKING>HEALTHY: the probe succeeded: 200");
    assertThat(history.newestFirst().get(1).result().reason())
        .startsWith("not counted, this process stood still for");
  }

  @Test
  void aSuccessCountsEvenThen() {
    answer = null;
    loop.run(checker("a", Health.CHECKING)::startNow);
    loop.stall(Duration.ofSeconds(3));
    open.get(0).accept(result(true));
    loop.run();
    assertThat(changes).hasSize(1);
  }

  @Test
  void afterAStallMissedProbesAreNotMadeUpForAndNotSentTogether() {
    answer = true;
    for (int i = 0; i < 100; i++) {
      loop.run(checker("backend-" + i, Health.HEALTHY)::startSpread);
    }
    pass(10_000);
    asked.clear();
    loop.stall(Duration.ofSeconds(30));
    assertThat(asked.size()).isLessThan(20);
    pass(2_000);
    assertThat(asked.size()).isBetween(80, 220);
    assertThat(busiest(100)).isLessThan(30);
  }

  @Test
  void firstProbesComeWithinASecondAndAreSpreadThenAndLater() {
    for (int i = 0; i < 1_000; i++) {
      loop.run(checker("backend-" + i, Health.CHECKING)::startSpread);
    }
    pass(1_000);
    assertThat(asked.size()).isGreaterThanOrEqualTo(1_000);
    pass(9_000);
    asked.clear();
    pass(20_000);
    assertThat(asked.size()).isBetween(9_500, 10_500);
    // 5,000 probes in 10 s are 50 in each 100 ms.
    assertThat(busiest(100)).isLessThan(90);
  }

  private long busiest(long slotMillis) {
    return asked.stream()
        .collect(
            java.util.stream.Collectors.groupingBy(
                at -> at / slotMillis, java.util.stream.Collectors.counting()))
        .values()
        .stream()
        .mapToLong(Long::longValue)
        .max()
        .orElse(0);
  }

  @Test
  void fastProbesAreLimitedWhenEverythingFailsAtOnce() {
    for (int i = 0; i < 1_000; i++) {
      loop.run(checker("backend-" + i, Health.HEALTHY)::startSpread);
    }
    pass(10_000);
    answer = false;
    asked.clear();
    pass(10_000);
    // 5,000 ordinary ones; a fifth more, and what was saved up.
    assertThat(asked.size()).isLessThan(6_600);
    assertThat(changes).filteredOn(change -> change.startsWith("HEALTHY>")).hasSize(1_000);
  }

  @Test
  void aProbeThatGivesNoVerdictIsCalledOffAndTheThirdInARowCountsAsFailure() {
    answer = null;
    loop.run(checker("a", Health.CHECKING)::startNow);
    pass(4_402);
    assertThat(cancelled).isEqualTo(2);
    assertThat(changes).as("our own loop may have been late").isEmpty();
    pass(2_201);
    assertThat(cancelled).isEqualTo(3);
    assertThat(changes).containsExactly("CHECKING>UNHEALTHY: the probe gave no verdict");
    open.get(0).accept(result(true));
    loop.run();
    assertThat(changes).as("a late answer is not heard").hasSize(1);
  }

  @Test
  void stoppedItAsksNoMoreAndHearsNothing() {
    answer = null;
    HealthChecker checker = checker("a", Health.CHECKING);
    loop.run(checker::startNow);
    loop.run(checker::stop);
    assertThat(cancelled).isEqualTo(1);
    open.get(0).accept(result(true));
    pass(60_000);
    assertThat(asked).hasSize(1);
    assertThat(changes).isEmpty();
  }

  @Test
  void itProbesAtOnceWhenAskedTo() {
    HealthChecker checker = checker("a", Health.HEALTHY);
    loop.run(checker::startNow);
    pass(500);
    loop.run(checker::probeNow);
    assertThat(asked).containsExactly(0L, 500L);
    answer = null;
    loop.run(checker::probeNow);
    loop.run(checker::probeNow);
    assertThat(open).hasSize(1);
    open.get(0).accept(result(true));
    loop.run();
    assertThat(open).as("the one asked for meanwhile").hasSize(2);
  }

  @Test
  void tenResultsAreKept() {
    loop.run(checker("a", Health.HEALTHY)::startNow);
    pass(100_000);
    List<ProbeHistory.Entry> kept = history.newestFirst();
    assertThat(kept).hasSize(10);
    assertThat(kept).isSortedAccordingTo((a, b) -> Long.compare(b.epochMillis(), a.epochMillis()));
  }
}
