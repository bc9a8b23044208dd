package dev.weir.http;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** What is learned of a backend that closes idle connections, and when that is forgotten. */
final class IdleLimitTest {
  private static final long MILLI = 1_000_000L;
  private static final long SECOND = 1_000 * MILLI;
  private static final long START = -5 * SECOND;

  private final IdleLimit limit = new IdleLimit(START);

  private long at(long seconds) {
    return limit.nanos(START + seconds * SECOND) / MILLI;
  }

  private void closed(long millis, long seconds) {
    limit.closedAfter(millis * MILLI, START + seconds * SECOND);
  }

  @Test
  void nothingIsKnownAtFirst() {
    assertThat(limit.nanos(START)).isEqualTo(Long.MAX_VALUE);
  }

  @Test
  void theShortestCounts() {
    closed(80, 0);
    closed(20, 1);
    closed(5_000, 2);
    assertThat(at(3)).isEqualTo(20);
  }

  @Test
  void aConnectionClosedAtOnceLeavesTheFloor() {
    limit.closedAfter(0, START);
    assertThat(limit.nanos(START)).isEqualTo(10 * MILLI);
    limit.closedAfter(1, START);
    assertThat(limit.nanos(START)).isEqualTo(IdleLimit.FLOOR_NANOS);
  }

  @Test
  void whatWasSeenCountsForAMinuteAtLeastAndTwoAtMost() {
    closed(20, 59);
    assertThat(at(60)).isEqualTo(20);
    assertThat(at(119)).isEqualTo(20);
    assertThat(limit.nanos(START + 120 * SECOND)).isEqualTo(Long.MAX_VALUE);
  }

  @Test
  void whatGoesOnBeingSeenIsNotForgotten() {
    for (long second = 0; second <= 600; second += 10) {
      closed(20, second);
      assertThat(at(second + 9)).isEqualTo(20);
    }
  }

  @Test
  void aLongerLimitIsLearnedAnewAfterTheShortOneIsForgotten() {
    closed(20, 0);
    closed(90, 61);
    assertThat(at(61)).isEqualTo(20);
    assertThat(at(121)).isEqualTo(90);
  }

  @Test
  void afterALongSilenceNothingIsKnown() {
    closed(20, 0);
    assertThat(limit.nanos(START + 3_600 * SECOND)).isEqualTo(Long.MAX_VALUE);
    closed(30, 3_650);
    assertThat(at(3_700)).isEqualTo(30);
  }
}
