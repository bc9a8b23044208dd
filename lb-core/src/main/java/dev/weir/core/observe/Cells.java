package dev.weir.core.observe;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * Counters with one plain cell per event loop and slot: written by their own loop without
 * contention, summed by whoever reads. A read may miss increments of the last moment, never any
 * older.
 */
public final class Cells {
  private static final VarHandle CELL = MethodHandles.arrayElementVarHandle(long[].class);
  private static final int PAD = 8;

  private final long[][] cells;

  /** All zero. */
  public Cells(int loops, int slots) {
    cells = new long[loops][slots + PAD];
  }

  /** Adds; only on the loop with this index. */
  public void add(int loop, int slot, long amount) {
    long[] own = cells[loop];
    CELL.setOpaque(own, slot, own[slot] + amount);
  }

  /** The sum over all loops. */
  public long sum(int slot) {
    long sum = 0;
    for (long[] own : cells) {
      sum += (long) CELL.getOpaque(own, slot);
    }
    return sum;
  }
}
