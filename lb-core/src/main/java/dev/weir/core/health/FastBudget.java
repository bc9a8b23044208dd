package dev.weir.core.health;

import dev.weir.core.control.Ticker;
import java.time.Duration;

/**
 * How many probes may come earlier than their interval: a fifth of the ordinary rate of all
 * checkers, so that the work of probing stays about constant when everything fails at once
 * ("constant work"). Some may come in a burst. Used on the control loop only.
 */
public final class FastBudget {
  private static final double SHARE = 0.2;
  private static final double SECONDS_SAVED = 5;
  private static final double LEAST_BURST = 64;

  private final Ticker ticker;
  private double perSecond;
  private double saved = LEAST_BURST;
  private long at;

  /** Full. */
  public FastBudget(Ticker ticker) {
    this.ticker = ticker;
    at = ticker.nanos();
  }

  void checkerStarted(Duration interval) {
    perSecond += SHARE / seconds(interval);
  }

  void checkerStopped(Duration interval) {
    perSecond = Math.max(0, perSecond - SHARE / seconds(interval));
  }

  /** Takes one; false when none is left. */
  boolean take() {
    long now = ticker.nanos();
    double most = Math.max(LEAST_BURST, perSecond * SECONDS_SAVED);
    saved = Math.min(most, saved + perSecond * (now - at) / 1e9);
    at = now;
    if (saved < 1) {
      return false;
    }
    saved--;
    return true;
  }

  private static double seconds(Duration interval) {
    return Math.max(interval.toNanos(), 1) / 1e9;
  }
}
