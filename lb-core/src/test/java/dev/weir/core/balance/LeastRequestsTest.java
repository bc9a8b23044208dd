package dev.weir.core.balance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.weir.core.backend.Backend;
import dev.weir.core.backend.Lease;
import dev.weir.core.backend.Outcome;
import dev.weir.core.testing.Picking;
import dev.weir.core.testing.ScriptedRandom;
import dev.weir.core.testing.TestBackends;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class LeastRequestsTest {
  private static final Picking SEEDED = Picking.by(new SplittableRandom(2));

  @Test
  void theLessLoadedOfTwoDrawnIsChosen() {
    List<Candidate> candidates = TestBackends.equal(3);
    candidates.get(0).backend().tryLease();
    Picker picker = new LeastRequests().picker(candidates);
    // Draws b0, then the first of the others, which is b1.
    assertThat(picker.pick(Picking.by(new ScriptedRandom(0, 0))).name()).isEqualTo("b1");
    assertThat(picker.pick(Picking.by(new ScriptedRandom(2, 0))).name()).isEqualTo("b2");
  }

  @Test
  void atATieTheFirstDrawnWins() {
    List<Candidate> candidates = TestBackends.equal(3);
    Picker picker = new LeastRequests().picker(candidates);
    assertThat(picker.pick(Picking.by(new ScriptedRandom(2, 0))).name()).isEqualTo("b2");
    assertThat(picker.pick(Picking.by(new ScriptedRandom(0, 1))).name()).isEqualTo("b0");
  }

  @Test
  void loadCountsInProportionToWeight() {
    List<Candidate> candidates = TestBackends.weighted(100, 300);
    Picker picker = new LeastRequests().picker(candidates);
    candidates.get(0).backend().tryLease();
    candidates.get(1).backend().tryLease();
    candidates.get(1).backend().tryLease();
    // 1/100 is more than 2/300: whichever is drawn first, the heavy one is less loaded.
    assertThat(picker.pick(Picking.by(new ScriptedRandom(50, 0))).name()).isEqualTo("b1");
    assertThat(picker.pick(Picking.by(new ScriptedRandom(399, 99))).name()).isEqualTo("b1");
  }

  @Test
  void aPoolWithoutLoadSharesByWeight() {
    Picker picker = new LeastRequests().picker(TestBackends.weighted(50, 100, 150));
    Map<String, Integer> counts = RoundRobinTest.count(picker, 60_000, SEEDED);
    assertThat(counts.get("b0")).isCloseTo(10_000, within(500));
    assertThat(counts.get("b1")).isCloseTo(20_000, within(500));
    assertThat(counts.get("b2")).isCloseTo(30_000, within(500));
  }

  @Test
  void underLoadTheShareOfASlowBackendFalls() {
    List<Candidate> candidates = TestBackends.equal(3);
    Picker picker = new LeastRequests().picker(candidates);
    Backend slow = candidates.get(0).backend();
    Queue<Lease> running = new ArrayDeque<>();
    int ofSlow = 0;
    for (int i = 0; i < 10_000; i++) {
      Backend picked = picker.pick(SEEDED);
      Lease lease = picked.tryLease();
      if (picked == slow) {
        ofSlow++;
        running.add(lease);
        if (running.size() > 20) {
          running.remove().end(Outcome.OK, true, 0);
        }
      } else {
        lease.end(Outcome.OK, true, 0);
      }
    }
    assertThat(ofSlow).isLessThan(100);
  }

  @Test
  void triedAndIneligibleOnesAreSkipped() {
    List<Candidate> candidates = TestBackends.equal(3);
    Picker picker = new LeastRequests().picker(candidates);
    TestBackends.admit(candidates.get(0).backend(), false);
    Picking retry = SEEDED.after(candidates.get(1).backend());
    assertThat(RoundRobinTest.count(picker, 50, retry)).isEqualTo(Map.of("b2", 50));
    TestBackends.admit(candidates.get(2).backend(), false);
    assertThat(picker.pick(retry)).isNull();
    assertThat(new LeastRequests().picker(List.of()).pick(SEEDED)).isNull();
  }

  @Test
  void aSingleBackendIsChosen() {
    Picker picker = new LeastRequests().picker(TestBackends.equal(1));
    assertThat(picker.pick(SEEDED).name()).isEqualTo("b0");
  }
}
