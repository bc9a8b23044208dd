package dev.weir.core.balance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.weir.core.testing.Picking;
import dev.weir.core.testing.TestBackends;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class WeightedRandomTest {
  private static final Picking SEEDED = Picking.by(new SplittableRandom(3));

  @Test
  void sharesFollowTheWeights() {
    Picker picker = new WeightedRandom().picker(TestBackends.weighted(10, 20, 30, 40));
    Map<String, Integer> counts = RoundRobinTest.count(picker, 100_000, SEEDED);
    for (int i = 0; i < 4; i++) {
      assertThat(counts.get("b" + i)).isCloseTo(10_000 * (i + 1), within(600));
    }
  }

  @Test
  void theShareOfOneThatIsOutGoesToAllOthersByWeight() {
    List<Candidate> candidates = TestBackends.weighted(700, 100, 200);
    Picker picker = new WeightedRandom().picker(candidates);
    TestBackends.admit(candidates.get(0).backend(), false);
    Map<String, Integer> counts = RoundRobinTest.count(picker, 30_000, SEEDED);
    assertThat(counts).doesNotContainKey("b0");
    assertThat(counts.get("b1")).isCloseTo(10_000, within(500));
    assertThat(counts.get("b2")).isCloseTo(20_000, within(500));
  }

  @Test
  void theLastEligibleOfAThousandIsFound() {
    List<Candidate> candidates = TestBackends.equal(1_000);
    Picker picker = new WeightedRandom().picker(candidates);
    candidates.stream().skip(1).forEach(c -> TestBackends.admit(c.backend(), false));
    assertThat(picker.pick(SEEDED).name()).isEqualTo("b0");
    assertThat(picker.pick(SEEDED.after(candidates.get(0).backend()))).isNull();
  }

  @Test
  void nobodyIsChosenFromNobody() {
    assertThat(new WeightedRandom().picker(List.of()).pick(SEEDED)).isNull();
  }
}
