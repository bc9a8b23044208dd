package dev.weir.admin.metrics;

import dev.weir.core.observe.Cells;
import dev.weir.core.observe.EndSummary;

/**
 * The counters of one pool: histograms of total times and of connecting, with fixed buckets, and
 * the attempts beyond the first. Written by exchanges and sessions, each on its event loop; read by
 * a scrape.
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

  /** How long exchanges took. */
  static final int TOTAL = 0;

  /** How long it took to connect to a backend. */
  static final int CONNECT = TOTAL + BOUNDS.length + 1;

  private static final long[] BOUND_NANOS = nanos();
  private static final int RETRIES = CONNECT + BOUNDS.length + 1;
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
    add(end.loop(), TOTAL, end.endNanos() - end.startNanos());
    session(end);
  }

  /** What exchanges and sessions have in common. */
  void session(EndSummary end) {
    long connecting = end.phase(EndSummary.Phase.CONNECT);
    if (connecting > 0) {
      add(end.loop(), CONNECT, connecting);
    }
    if (end.attempts() > 1) {
      cells.add(end.loop(), RETRIES, end.attempts() - 1);
    }
  }

  private void add(int loop, int histogram, long nanos) {
    long took = Math.max(0, nanos);
    int bucket = 0;
    while (took > BOUND_NANOS[bucket]) {
      bucket++;
    }
    cells.add(loop, histogram + bucket, 1);
    cells.add(loop, histogram + BOUNDS.length, took);
  }

  /** {@code histogram}: {@link #TOTAL} or {@link #CONNECT}; each bucket alone, not cumulative. */
  long[] counts(int histogram) {
    long[] counts = new long[BOUNDS.length];
    for (int i = 0; i < counts.length; i++) {
      counts[i] = cells.sum(histogram + i);
    }
    return counts;
  }

  /** The same histogram's sum. */
  double seconds(int histogram) {
    return cells.sum(histogram + BOUNDS.length) / 1e9;
  }

  long retries() {
    return cells.sum(RETRIES);
  }
}
