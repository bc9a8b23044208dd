package dev.weir.bench.stats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class TrendTest {
  @Test
  void pointsOnALineHaveItsSlopeForCertain() {
    Trend trend = Trend.of(new double[] {0, 1, 2, 3}, new double[] {5, 7, 9, 11});

    assertThat(trend.slope()).isEqualTo(2, within(1e-12));
    assertThat(trend.half()).isEqualTo(0, within(1e-12));
    assertThat(trend.rises()).isTrue();
  }

  @Test
  void theIntervalIsThatOfAnExampleWorkedByHand() {
    // mean 3 and 4, sum of squares 10, of products 9, of deviations 1.9
    Trend trend = Trend.of(new double[] {1, 2, 3, 4, 5}, new double[] {2, 3.5, 4, 4.5, 6});

    assertThat(trend.slope()).isEqualTo(0.9, within(1e-9));
    assertThat(trend.error()).isEqualTo(Math.sqrt(0.4 / 3 / 10), within(1e-9));
    assertThat(trend.half()).isEqualTo(5.841 * trend.error(), within(1e-9));
  }

  @Test
  void quantilesBeyondTheTableAreThoseOfStudent() {
    assertThat(Trend.quantile(30)).isEqualTo(2.750, within(1e-3));
    assertThat(Trend.quantile(31)).isEqualTo(2.744, within(1e-3));
    assertThat(Trend.quantile(43)).isEqualTo(2.695, within(1e-3));
    assertThat(Trend.quantile(120)).isEqualTo(2.617, within(1e-3));
  }

  @Test
  void noiseWithoutATrendRarelyRisesAndASlopeIsSeen() {
    SplittableRandom random = new SplittableRandom(7);
    int flat = 0;
    int steep = 0;
    for (int run = 0; run < 1000; run++) {
      double[] x = new double[45];
      double[] level = new double[45];
      double[] rising = new double[45];
      for (int i = 0; i < x.length; i++) {
        x[i] = i;
        level[i] = random.nextGaussian();
        rising[i] = level[i] + 0.1 * i;
      }
      flat += Trend.of(x, level).rises() ? 1 : 0;
      steep += Trend.of(x, rising).rises() ? 1 : 0;
    }

    assertThat(flat).isBetween(1, 15); // 5 are expected
    assertThat(steep).isGreaterThan(990);
  }

  @Test
  void twoPointsAreNoTrend() {
    assertThatThrownBy(() -> Trend.of(new double[] {1, 2}, new double[] {1, 2}))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> Trend.of(new double[] {1, 1, 1}, new double[] {1, 2, 3}))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
