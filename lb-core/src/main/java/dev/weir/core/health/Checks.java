package dev.weir.core.health;

import dev.weir.core.control.ControlLoop;
import dev.weir.core.control.WallClock;
import java.util.random.RandomGenerator;

/**
 * What all health checkers and detectors of a process share.
 *
 * @param random for jitter; used on the control loop only
 */
public record Checks(
    ControlLoop loop, StallWatch stalls, FastBudget fast, WallClock wall, RandomGenerator random) {
  /** A fresh set. */
  public static Checks of(ControlLoop loop, WallClock wall, RandomGenerator random) {
    return new Checks(loop, new StallWatch(loop), new FastBudget(loop.ticker()), wall, random);
  }
}
