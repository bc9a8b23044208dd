package dev.weir.core.backend;

import java.util.concurrent.atomic.AtomicLongArray;

/**
 * How often each {@link Outcome} was seen on one backend. Written by leases on any event loop, each
 * thread mostly in a stripe of its own; read by metrics and the admin API.
 */
public final class OutcomeCounts {
  private static final int OUTCOMES = Outcome.values().length;
  // Two cache lines for each stripe, so that loops do not write into each other's.
  private static final int STRIDE = Math.max(16, OUTCOMES);
  private static final int MAX_STRIPES = 16;

  private final AtomicLongArray cells;
  private final int mask;

  /** All zero, with a stripe for each processor, at most 16. */
  public OutcomeCounts() {
    this(Runtime.getRuntime().availableProcessors());
  }

  OutcomeCounts(int processors) {
    int wanted = Math.min(MAX_STRIPES, Math.max(1, processors));
    int stripes = Integer.highestOneBit(2 * wanted - 1);
    mask = stripes - 1;
    cells = new AtomicLongArray(stripes * STRIDE);
  }

  void add(Outcome outcome) {
    int stripe = (int) Thread.currentThread().getId() & mask;
    cells.getAndIncrement(stripe * STRIDE + slot(outcome));
  }

  /** How often an attempt ended so. Any thread. */
  public long count(Outcome outcome) {
    long sum = 0;
    for (int i = slot(outcome); i < cells.length(); i += STRIDE) {
      sum += cells.get(i);
    }
    return sum;
  }

  /** All attempts that have ended. Any thread. */
  public long total() {
    long sum = 0;
    for (int i = 0; i < cells.length(); i++) {
      sum += cells.get(i);
    }
    return sum;
  }

  // The position among the values is the index of a cell that lives in this process only.
  @SuppressWarnings("EnumOrdinal")
  private static int slot(Outcome outcome) {
    return outcome.ordinal();
  }
}
