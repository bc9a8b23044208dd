package dev.weir.core.limit;

import java.util.Arrays;

/**
 * Bounds how much work repeating adds: of the last ten seconds, at most a fifth of the requests
 * plus three a second may have been repetitions, however much fails. It starts full. After
 * Finagle's {@code RetryBudget}, with exact counts instead of a leaking bucket. One for each pool
 * and event loop; used on that loop only.
 */
public final class RetryBudget {
  private static final int SECONDS = 10;
  private static final long SECOND = 1_000_000_000L;
  private static final int REQUESTS_PER_RETRY = 5;
  private static final int FLOOR = 3 * SECONDS;

  private final int[] requests = new int[SECONDS];
  private final int[] retries = new int[SECONDS];
  private final int floor;
  private long second;
  private int requestSum;
  private int retrySum;

  /**
   * A full budget.
   *
   * @param loops among how many loops the fixed part is shared
   * @param now monotonic nanoseconds
   */
  public RetryBudget(int loops, long now) {
    floor = Math.max(1, FLOOR / loops);
    second = Math.floorDiv(now, SECOND);
  }

  /** A request has come. */
  public void request(long now) {
    requests[slot(now)]++;
    requestSum++;
  }

  /** Takes leave for one repetition; false when the budget is spent. */
  public boolean tryRetry(long now) {
    int slot = slot(now);
    if (retrySum >= floor + requestSum / REQUESTS_PER_RETRY) {
      return false;
    }
    retries[slot]++;
    retrySum++;
    return true;
  }

  private int slot(long now) {
    long current = Math.floorDiv(now, SECOND);
    if (current != second) {
      forget(current);
    }
    return (int) Math.floorMod(current, (long) SECONDS);
  }

  private void forget(long current) {
    if (current - second >= SECONDS) {
      Arrays.fill(requests, 0);
      Arrays.fill(retries, 0);
      requestSum = 0;
      retrySum = 0;
      second = current;
      return;
    }
    while (second < current) {
      second++;
      int slot = (int) Math.floorMod(second, (long) SECONDS);
      requestSum -= requests[slot];
      retrySum -= retries[slot];
      requests[slot] = 0;
      retries[slot] = 0;
    }
  }
}
