package dev.weir.bench.stats;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

class QuartilesTest {
  @Test
  void quartilesAreInterpolatedBetweenOrderStatistics() {
    Quartiles quartiles = Quartiles.of(4, 1, 3, 2);

    assertThat(quartiles.least()).isEqualTo(1);
    assertThat(quartiles.lower()).isEqualTo(1.75);
    assertThat(quartiles.median()).isEqualTo(2.5);
    assertThat(quartiles.upper()).isEqualTo(3.25);
  }

  @Test
  void oneValueIsItsOwnMedianAndRange() {
    assertThat(Quartiles.of(0.8).text(2)).isEqualTo("0.80 [0.80-0.80]");
  }

  @Test
  void anEmptySampleIsADash() {
    assertThat(Quartiles.of().median()).isNaN();
    assertThat(Quartiles.of().text(2)).isEqualTo("-");
  }

  @Test
  void theMedianOfPairRatiosIsNotTheRatioOfMedians() {
    // the machine was three times slower in round 2, for both
    Map<Integer, Double> ours = Map.of(1, 8.0, 2, 27.0, 3, 9.0);
    Map<Integer, Double> theirs = Map.of(1, 10.0, 2, 30.0, 3, 10.0);

    assertThat(PairRatios.of(ours, theirs).median()).isEqualTo(0.9);
  }

  @Test
  void aRoundThatLacksOneSideGivesNoRatio() {
    Map<Integer, Double> ours = Map.of(1, 8.0, 2, 100.0, 4, 9.0);
    Map<Integer, Double> theirs = Map.of(1, 10.0, 3, 1.0, 4, 0.0);

    Quartiles ratios = PairRatios.of(ours, theirs);

    assertThat(ratios.count()).isEqualTo(1);
    assertThat(ratios.median()).isEqualTo(0.8);
  }
}
