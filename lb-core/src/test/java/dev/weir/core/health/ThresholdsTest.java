package dev.weir.core.health;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.core.backend.Health;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ThresholdsTest {
  /** Results: + success, - failure; rise 2, fall 3. */
  @ParameterizedTest
  @CsvSource({
    "CHECKING, '',        CHECKING,  0",
    "CHECKING, +,         HEALTHY,   0",
    "CHECKING, -,         UNHEALTHY, 0",
    "HEALTHY,  -,         HEALTHY,   1",
    "HEALTHY,  --,        HEALTHY,   2",
    "HEALTHY,  ---,       UNHEALTHY, 0",
    "HEALTHY,  --+,       HEALTHY,   0",
    "HEALTHY,  --+--,     HEALTHY,   2",
    "HEALTHY,  ----,      UNHEALTHY, 0",
    "UNHEALTHY, +,        UNHEALTHY, 1",
    "UNHEALTHY, ++,       HEALTHY,   0",
    "UNHEALTHY, +-+,      UNHEALTHY, 1",
    "UNHEALTHY, ++---++,  HEALTHY,   0",
  })
  void resultsInARowDecide(Health from, String results, Health health, int against) {
    Thresholds state = Thresholds.at(from);
    for (int i = 0; i < results.length(); i++) {
      state = state.next(results.charAt(i) == '+', 2, 3);
    }
    assertThat(state).isEqualTo(new Thresholds(health, against));
    assertThat(state.inDoubt()).isEqualTo(against > 0);
  }

  @Test
  void withOneAndOneEveryResultDecides() {
    Thresholds state = Thresholds.at(Health.HEALTHY).next(false, 1, 1);
    assertThat(state.health()).isEqualTo(Health.UNHEALTHY);
    assertThat(state.next(true, 1, 1).health()).isEqualTo(Health.HEALTHY);
  }
}
