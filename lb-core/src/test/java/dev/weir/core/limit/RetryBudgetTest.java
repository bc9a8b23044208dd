package dev.weir.core.limit;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class RetryBudgetTest {
  private static final long SECOND = 1_000_000_000L;

  @Test
  void itStartsFullWithTenSecondsOfTheFixedPart() {
    RetryBudget budget = new RetryBudget(1, 0);
    assertThat(taken(budget, 0, 100)).isEqualTo(30);
  }

  @Test
  void theFixedPartIsSharedAmongLoops() {
    assertThat(taken(new RetryBudget(4, 0), 0, 100)).isEqualTo(7);
  }

  @Test
  void aFifthOfTheRequestsMayBeRepeatedOnTop() {
    RetryBudget budget = new RetryBudget(1, 0);
    for (int i = 0; i < 1000; i++) {
      budget.request(i);
    }
    assertThat(taken(budget, SECOND, 1000)).isEqualTo(30 + 200);
  }

  @Test
  void whatWasSpentComesBackTenSecondsLater() {
    RetryBudget budget = new RetryBudget(1, -5 * SECOND);
    assertThat(taken(budget, -5 * SECOND, 100)).isEqualTo(30);
    assertThat(taken(budget, 4 * SECOND, 100)).isZero();
    assertThat(taken(budget, 5 * SECOND, 100)).isEqualTo(30);
  }

  @Test
  void requestsOfTheDistantPastCountForNothing() {
    RetryBudget budget = new RetryBudget(1, 0);
    for (int i = 0; i < 1000; i++) {
      budget.request(0);
    }
    assertThat(taken(budget, 100 * SECOND, 1000)).isEqualTo(30);
  }

  private static int taken(RetryBudget budget, long now, int wanted) {
    int taken = 0;
    for (int i = 0; i < wanted; i++) {
      taken += budget.tryRetry(now) ? 1 : 0;
    }
    return taken;
  }
}
