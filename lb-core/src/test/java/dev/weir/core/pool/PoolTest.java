package dev.weir.core.pool;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.core.backend.Backend;
import dev.weir.core.backend.DetectorState;
import dev.weir.core.backend.Health;
import dev.weir.core.backend.Outcome;
import dev.weir.core.balance.Balancer;
import dev.weir.core.balance.RoundRobin;
import dev.weir.core.balance.SourceHash;
import dev.weir.core.config.AdminState;
import dev.weir.core.config.BackendConfig;
import dev.weir.core.config.HealthConfig;
import dev.weir.core.config.HostPort;
import dev.weir.core.config.PoolConfig;
import dev.weir.core.discovery.Resolver;
import dev.weir.core.health.Probe;
import dev.weir.core.health.ProbeResult;
import dev.weir.core.observe.LbObserver;
import dev.weir.core.testing.ManualControlLoop;
import dev.weir.core.testing.Picking;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class PoolTest {
  private static final HealthConfig CHECKED =
      new HealthConfig(null, null, null, null, null, null, null);

  private final ManualControlLoop loop = new ManualControlLoop();
  private final Picking picking = Picking.by(new SplittableRandom(1));
  private final List<String> events = new ArrayList<>();
  private final List<Backend> retired = new ArrayList<>();
  private final Set<String> down = new HashSet<>();
  private final List<String> probed = new ArrayList<>();
  private final AtomicInteger pickersMade = new AtomicInteger();
  private Resolver.Answer answer = new Resolver.Answer.Failed("no such name");
  private Map<String, BackendConfig> backends = new LinkedHashMap<>();
  private HealthConfig health;

  private final Probe probe =
      (target, authority, timeout, done) -> {
        probed.add(authority);
        boolean success = !down.contains(authority);
        done.accept(new ProbeResult(success, success ? "200" : "connection refused", 1));
        return () -> {};
      };

  private final Balancer counting =
      new Balancer() {
        private final RoundRobin turns = new RoundRobin(0);

        @Override
        public dev.weir.core.balance.Picker picker(
            List<dev.weir.core.balance.Candidate> candidates) {
          pickersMade.incrementAndGet();
          return turns.picker(candidates);
        }
      };

  private Balancer balancer = counting;

  private final LbObserver observer = new StateEvents(events);

  private void backend(String name, String address, Integer weight, Boolean backup) {
    backends.put(name, new BackendConfig(HostPort.parse(address), weight, backup, null));
  }

  private void state(String name, AdminState state) {
    BackendConfig old = backends.get(name);
    backends.put(name, new BackendConfig(old.address(), old.weight(), old.backup(), state));
  }

  private PoolSpec spec() {
    return new PoolSpec(new PoolConfig(null, health, backends, null, null, null), balancer, probe);
  }

  private Pool pool(boolean atStart) {
    Collection<Backend> gone = retired;
    PoolContext context =
        dev.weir.core.testing.TestPools.context(
            loop, (host, done) -> done.accept(answer), observer);
    Pool pool = new Pool("web", spec(), context, gone::addAll, atStart);
    loop.run(() -> context.checks().stalls().start());
    loop.run(pool::start);
    return pool;
  }

  private void change(Pool pool) {
    PoolChange change = pool.prepare(spec());
    loop.run(change::apply);
  }

  private void pass(long millis) {
    loop.advance(Duration.ofMillis(millis));
  }

  private Set<String> picked(Pool pool) {
    Set<String> names = new HashSet<>();
    for (int i = 0; i < 50; i++) {
      Backend backend = pool.pick(picking);
      names.add(backend == null ? "none" : backend.name());
    }
    return names;
  }

  private static void end(Backend backend, Outcome outcome, int client) {
    backend.tryLease().end(outcome, true, client);
  }

  @Test
  void withoutChecksAllAreHealthyAtOnce() {
    backend("a", "10.0.0.1:80", null, null);
    backend("b", "10.0.0.2:80", null, null);
    Pool pool = pool(false);
    assertThat(picked(pool)).containsExactlyInAnyOrder("a", "b");
    assertThat(pool.status().get(0).reason()).isEqualTo("in; no active checks");
    assertThat(pool.status().get(0).resolved()).isEqualTo("10.0.0.1");
  }

  @Test
  void backupsServeOnlyWhileNobodyElseDoes() {
    backend("a", "10.0.0.1:80", null, null);
    backend("spare", "10.0.0.9:80", null, true);
    Pool pool = pool(true);
    assertThat(picked(pool)).containsExactly("a");
    end(pool.backends().get(0), Outcome.REFUSED, 1);
    assertThat(picked(pool)).as("at once, before any view").containsExactly("spare");
    loop.run();
    assertThat(picked(pool)).containsExactly("spare");
    pass(5_000);
    assertThat(picked(pool)).containsExactly("a");
  }

  @Test
  void weightZeroTakesNothingNew() {
    backend("a", "10.0.0.1:80", 0, null);
    backend("b", "10.0.0.2:80", 1, null);
    Pool pool = pool(true);
    assertThat(picked(pool)).containsExactly("b");
    assertThat(pool.status().get(0).eligible()).isTrue();
    assertThat(pool.status().get(0).reason()).contains("weight 0");
  }

  @Test
  void atProcessStartBackendsServeUntilOneProbeSaysOtherwise() {
    health = CHECKED;
    backend("a", "10.0.0.1:80", null, null);
    backend("b", "10.0.0.2:80", null, null);
    down.add("10.0.0.2:80");
    Pool pool = pool(true);
    assertThat(picked(pool)).containsExactlyInAnyOrder("a", "b");
    pass(1_000);
    assertThat(picked(pool)).containsExactly("a");
    assertThat(events).contains("a CHECKING>HEALTHY", "b CHECKING>UNHEALTHY");
    assertThat(pool.status().get(1).reason()).isEqualTo("probes fail: connection refused");
  }

  @Test
  void aBackendAddedAtRunTimeServesFromItsFirstSuccess() {
    health = CHECKED;
    backend("a", "10.0.0.1:80", null, null);
    Pool pool = pool(true);
    pass(1_000);
    backend("b", "10.0.0.2:80", null, null);
    PoolChange change = pool.prepare(spec());
    loop.execute(
        () -> {
          change.apply();
          assertThat(pool.backends().get(1).eligible()).isFalse();
          assertThat(pool.status().get(1).reason()).isEqualTo("not probed successfully yet");
        });
    loop.run();
    assertThat(pool.backends().get(1).eligible()).as("probed at once").isTrue();
    pass(100);
    assertThat(picked(pool)).containsExactlyInAnyOrder("a", "b");
  }

  @Test
  void aDrainedBackendIsProbedAndAnotherInMaintenanceIsNot() {
    health = CHECKED;
    backend("a", "10.0.0.1:80", null, null);
    backend("b", "10.0.0.2:80", null, null);
    backend("c", "10.0.0.3:80", null, null);
    Pool pool = pool(true);
    pass(1_000);
    state("a", AdminState.DRAIN);
    state("b", AdminState.MAINT);
    change(pool);
    assertThat(picked(pool)).containsExactly("c");
    probed.clear();
    pass(5_000);
    assertThat(probed).contains("10.0.0.1:80", "10.0.0.3:80").doesNotContain("10.0.0.2:80");

    down.add("10.0.0.1:80");
    pass(6_000);
    down.clear();
    pass(6_000);
    assertThat(picked(pool)).as("health does not undo what the operator wants").containsOnly("c");

    down.add("10.0.0.2:80");
    state("a", AdminState.READY);
    state("b", AdminState.READY);
    change(pool);
    assertThat(picked(pool)).as("b is not believed unseen").containsOnly("a", "c");
    down.clear();
    pass(5_000);
    assertThat(picked(pool)).containsOnly("a", "b", "c");
  }

  @Test
  void viewsFollowAtOnceAndThenTenTimesASecondAtMost() {
    for (int i = 0; i < 100; i++) {
      backend("b" + i, "10.0.0." + i + ":80", null, null);
    }
    Pool pool = pool(true);
    pass(1_000);
    pickersMade.set(0);
    end(pool.backends().get(0), Outcome.REFUSED, 1);
    loop.run();
    assertThat(pickersMade).hasValue(1);
    for (int i = 1; i < 50; i++) {
      end(pool.backends().get(i), Outcome.REFUSED, 1);
      pass(2);
    }
    assertThat(pickersMade).as("within 98 ms").hasValue(1);
    assertThat(picked(pool)).doesNotContain("b0", "b49", "none");
    pass(10);
    assertThat(pickersMade).hasValue(2);
  }

  @Test
  void theFirstToComeBackServesAtOnce() {
    health = CHECKED;
    backend("a", "10.0.0.1:80", null, null);
    backend("b", "10.0.0.2:80", null, null);
    Pool pool = pool(true);
    pass(1_000);
    down.addAll(List.of("10.0.0.1:80", "10.0.0.2:80"));
    pass(10_000);
    assertThat(picked(pool)).containsExactly("none");
    down.remove("10.0.0.1:80");
    while (!pool.backends().get(0).eligible()) {
      pass(1);
    }
    assertThat(picked(pool)).containsExactly("a");
  }

  @Test
  void aRefusedBackendIsProbedAtOnceAndComesBackWithTheProbe() {
    health = CHECKED;
    backend("a", "10.0.0.1:80", null, null);
    backend("b", "10.0.0.2:80", null, null);
    Pool pool = pool(true);
    pass(1_000);
    probed.clear();
    end(pool.backends().get(0), Outcome.REFUSED, 1);
    assertThat(pool.backends().get(0).eligible()).isFalse();
    loop.run();
    assertThat(probed).containsExactly("10.0.0.1:80");
    assertThat(pool.backends().get(0).eligible()).isTrue();
    assertThat(events).endsWith("a OK>EJECTED", "a EJECTED>OK");
  }

  @Test
  void brokenConnectionsOfTwoClientsTakeABackendOutUntilRiseProbesSucceed() {
    health = CHECKED;
    backend("a", "10.0.0.1:80", null, null);
    backend("b", "10.0.0.2:80", null, null);
    Pool pool = pool(true);
    pass(1_000);
    Backend a = pool.backends().get(0);
    end(a, Outcome.RESET, 1);
    loop.run();
    assertThat(a.eligible()).isTrue();
    end(a, Outcome.RESET, 2);
    loop.run();
    assertThat(a.eligible()).isFalse();
    assertThat(pool.status().get(0).reason())
        .contains("connections break before an answer", "disputed");
    pass(276);
    assertThat(a.eligible()).isTrue();
  }

  @Test
  void theLastOneStaysUnlessNobodyListensThere() {
    backend("a", "10.0.0.1:80", null, null);
    backend("b", "10.0.0.2:80", null, null);
    Pool pool = pool(true);
    pool.backends().forEach(backend -> end(backend, Outcome.UNREACHABLE, 1));
    pool.backends().forEach(backend -> end(backend, Outcome.UNREACHABLE, 2));
    loop.run();
    assertThat(events).containsExactly("a OK>EJECTED", "b OK>SUSPECT");
    Backend last = pool.backends().get(1);
    end(last, Outcome.REFUSED, 1);
    loop.run();
    assertThat(last.eligible()).isFalse();
    pass(1_000);
    assertThat(last.eligible()).as("alone, so it is tried again soon").isTrue();
  }

  @Test
  void withoutChecksItIsOutForLongerEachTimeAndOnProbationThen() {
    backend("a", "10.0.0.1:80", null, null);
    backend("b", "10.0.0.2:80", null, null);
    Pool pool = pool(true);
    Backend a = pool.backends().get(0);
    long[] pauses = new long[8];
    for (int i = 0; i < pauses.length; i++) {
      end(a, i == 0 ? Outcome.REFUSED : Outcome.TIMEOUT, 1);
      loop.run();
      long from = loop.ticker().nanos();
      assertThat(a.eligible()).isFalse();
      while (!a.eligible()) {
        pass(100);
      }
      pauses[i] = (loop.ticker().nanos() - from) / 1_000_000_000;
      assertThat(a.detector()).isEqualTo(DetectorState.SUSPECT);
    }
    assertThat(pauses).containsExactly(5, 10, 20, 40, 80, 160, 300, 300);
    end(a, Outcome.OK, 1);
    loop.run();
    assertThat(a.detector()).isEqualTo(DetectorState.OK);
    pass(30_000);
    end(a, Outcome.REFUSED, 1);
    loop.run();
    pass(5_000);
    assertThat(a.eligible()).as("forgiven with time").isTrue();
  }

  @Test
  void fiveErrorsInARowMakeItSuspectAndAnAnswerClearsIt() {
    health = CHECKED;
    backend("a", "10.0.0.1:80", null, null);
    backend("b", "10.0.0.2:80", null, null);
    Pool pool = pool(true);
    pass(1_000);
    Backend a = pool.backends().get(0);
    probed.clear();
    for (int i = 0; i < 5; i++) {
      end(a, Outcome.STATUS_GATEWAY, i);
    }
    loop.run();
    assertThat(a.detector()).isEqualTo(DetectorState.SUSPECT);
    assertThat(a.eligible()).isTrue();
    assertThat(probed).containsExactly("10.0.0.1:80");
    end(a, Outcome.OK, 1);
    loop.run();
    assertThat(a.detector()).isEqualTo(DetectorState.OK);
  }

  @Test
  void whatTheClientOrWeDidNeverCounts() {
    backend("a", "10.0.0.1:80", null, null);
    backend("b", "10.0.0.2:80", null, null);
    Pool pool = pool(true);
    Backend a = pool.backends().get(0);
    for (Outcome outcome : List.of(Outcome.CLIENT_ABORT, Outcome.LOCAL, Outcome.STATUS_500)) {
      for (int client = 0; client < 100; client++) {
        end(a, outcome, client);
      }
    }
    loop.run();
    assertThat(events).isEmpty();
  }

  @Test
  void timeoutsWhileThisProcessStoodStillNeverCount() {
    backend("a", "10.0.0.1:80", null, null);
    backend("b", "10.0.0.2:80", null, null);
    Pool pool = pool(true);
    Backend a = pool.backends().get(0);
    loop.stall(Duration.ofSeconds(10));
    for (int client = 0; client < 20; client++) {
      end(a, Outcome.UNREACHABLE, client);
      end(a, Outcome.TIMEOUT, client);
    }
    loop.run();
    assertThat(events).isEmpty();
  }

  @Test
  void aNameWithoutAddressIsOutWithTheReasonUntilItHasOne() {
    backend("a", "db.example:80", null, null);
    Pool pool = pool(true);
    assertThat(picked(pool)).containsExactly("none");
    assertThat(pool.status().get(0).reason())
        .isEqualTo("host name db.example has no address yet: no such name");
    assertThat(pool.status().get(0).resolved()).isNull();
    answer = found("10.0.0.7");
    pass(1_000);
    assertThat(picked(pool)).containsExactly("a");
    assertThat(pool.status().get(0).resolved()).isEqualTo("10.0.0.7");
    assertThat(retired).isEmpty();
    answer = found("10.0.0.8");
    pass(60_000);
    assertThat(pool.backends().get(0).socketAddress())
        .isEqualTo(new InetSocketAddress("10.0.0.8", 80));
    assertThat(retired).containsExactly(pool.backends().get(0));
  }

  private static Resolver.Answer found(String address) {
    try {
      return new Resolver.Answer.Found(
          List.of(InetAddress.getByName(address)), Duration.ofSeconds(60));
    } catch (java.net.UnknownHostException impossible) {
      throw new AssertionError(impossible);
    }
  }

  @Test
  void stateLivesOnAcrossChanges() {
    health = CHECKED;
    backend("a", "10.0.0.1:80", null, null);
    backend("b", "10.0.0.2:80", null, null);
    down.add("10.0.0.1:80");
    Pool pool = pool(true);
    pass(1_000);
    Backend a = pool.backends().get(0);
    long since = pool.status().get(0).sinceEpochMillis();
    backend("a", "10.0.0.1:80", 7, null);
    backend("c", "10.0.0.3:80", null, null);
    health = new HealthConfig(null, null, Duration.ofSeconds(1), null, null, null, null);
    change(pool);
    assertThat(pool.backends().get(0)).isSameAs(a);
    assertThat(a.health()).isEqualTo(Health.UNHEALTHY);
    assertThat(pool.status().get(0).weight()).isEqualTo(7);
    assertThat(pool.status().get(0).sinceEpochMillis()).isEqualTo(since);
    assertThat(pool.status().get(0).lastProbes()).hasSizeGreaterThan(0);
    health = null;
    change(pool);
    assertThat(a.eligible()).as("without checks all are healthy").isTrue();
  }

  @Test
  void aHashTableIsMadeAnewForMembersAndWeightsOnly() {
    AtomicInteger made = new AtomicInteger();
    SourceHash hash = new SourceHash();
    balancer =
        new Balancer() {
          @Override
          public boolean overAll() {
            return true;
          }

          @Override
          public dev.weir.core.balance.Picker picker(
              List<dev.weir.core.balance.Candidate> candidates) {
            made.incrementAndGet();
            return hash.picker(candidates);
          }
        };
    backend("a", "10.0.0.1:80", null, null);
    backend("b", "10.0.0.2:80", null, null);
    Pool pool = pool(true);
    assertThat(made).hasValue(1);
    end(pool.backends().get(0), Outcome.REFUSED, 1);
    loop.run();
    state("b", AdminState.DRAIN);
    change(pool);
    assertThat(made).hasValue(1);
    assertThat(picked(pool)).containsExactly("none");
    state("b", AdminState.READY);
    change(pool);
    assertThat(picked(pool)).containsExactly("b");
    backend("a", "10.0.0.1:80", 50, null);
    change(pool);
    assertThat(made).hasValue(2);
    assertThat(pool.backends().get(0).eligible()).isFalse();
  }

  @Test
  void aStoppedPoolAsksNothingMore() {
    health = CHECKED;
    backend("a", "10.0.0.1:80", null, null);
    Pool pool = pool(true);
    pass(1_000);
    loop.run(pool::stop);
    probed.clear();
    pass(60_000);
    assertThat(probed).isEmpty();
    assertThat(pool.backends().get(0).eligible()).isFalse();
  }
}
