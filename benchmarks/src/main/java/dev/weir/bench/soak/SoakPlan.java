package dev.weir.bench.soak;

import dev.weir.bench.Options;

/**
 * How long, how much, and what is allowed.
 *
 * @param minutes of traffic
 * @param rate clients a second
 * @param every seconds between samples
 * @param seed of everything that is drawn
 * @param growth most bytes that the live heap may grow in an hour, or in the whole run when that is
 *     shorter: the upper end of the interval counts
 */
record SoakPlan(int minutes, int rate, int every, int seed, long growth) {
  static SoakPlan read(Options options) {
    int minutes = options.number("minutes", 60, 1, 24 * 60);
    return new SoakPlan(
        minutes,
        options.number("rate", 30, 1, 1000),
        options.number("every", Math.max(10, minutes), 2, 3600),
        options.number("seed", 1, 1, 1 << 29),
        1024L * options.number("max-growth", 1024, 1, 1 << 20));
  }

  double seconds() {
    return 60.0 * minutes;
  }

  /** The bound in bytes an hour. */
  double growthPerHour() {
    return growth * Math.max(1, 60.0 / minutes);
  }
}
