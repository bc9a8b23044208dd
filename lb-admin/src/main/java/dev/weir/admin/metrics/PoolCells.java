package dev.weir.admin.metrics;

import dev.weir.core.observe.Cells;
import dev.weir.core.observe.EndSummary;

/**
 * The counters of one pool: a histogram of total times with fixed buckets, and the attempts beyond
 * the first. Written by exchanges and sessions, each on its event loop; read by a scrape.
 */
final class PoolCells {
  /** Upper bounds in seconds; with the one above all there are 14 buckets. */
  static final double[] BOUNDS = {
    0.0005,
    0.001,
    0.0025,
    0.005,
    0.01,
    0.025,
    0.05,
    0.1,
    0.25,
    0.5,
    1,
    2.5,
    10,
    Double.POSITIVE_INFINITY
  };

  private static final long[] BOUND_NANOS = nanos();
  private static final int BUCKETS = 0;
  private static final int SUM = BOUNDS.length;
  private static final int RETRIES = SUM + 1;
  private static final int SLOTS = RETRIES + 1;

  private final Cells cells;

  PoolCells(int loops) {
    cells = new Cells(loops, SLOTS);
  }

  private static long[] nanos() {
    long[] nanos = new long[BOUNDS.length];
    for (int i = 0; i < nanos.length - 1; i++) {
      nanos[i] = Math.round(BOUNDS[i] * 1e9);
    }
    nanos[nanos.length - 1] = Long.MAX_VALUE;
    return nanos;
  }

  void exchange(EndSummary end) {
    long took = Math.max(0, end.endNanos() - end.startNanos());
    int bucket = 0;
    while (took > BOUND_NANOS[bucket]) {
      bucket++;
    }
    cells.add(end.loop(), BUCKETS + bucket, 1);
    cells.add(end.loop(), SUM, took);
    retried(end);
  }

  void retried(EndSummary end) {
    if (end.attempts() > 1) {
      cells.add(end.loop(), RETRIES, end.attempts() - 1);
    }
  }

  /** Exchanges in each bucket alone, not cumulative. */
  long[] buckets() {
    long[] counts = new long[BOUNDS.length];
    for (int i = 0; i < counts.length; i++) {
      counts[i] = cells.sum(BUCKETS + i);
    }
    return counts;
  }

  double sumSeconds() {
    return cells.sum(SUM) / 1e9;
  }

  long retries() {
    return cells.sum(RETRIES);
  }
}
