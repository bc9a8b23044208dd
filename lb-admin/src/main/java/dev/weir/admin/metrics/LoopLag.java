package dev.weir.admin.metrics;

import dev.weir.core.control.Ticker;
import dev.weir.core.net.LoopContext;
import dev.weir.core.net.Loops;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * How late the event loops of the data path run their tasks: each loop is asked ten times a second,
 * and the worst delay is kept. Written by the loops; read by scrapes.
 */
final class LoopLag implements AutoCloseable {
  /** Between two beats. */
  static final long BEAT_NANOS = 100_000_000L;

  /** A delay from which on a loop counts as stalled. */
  static final long STALL_NANOS = 100_000_000L;

  private final Ticker ticker;
  private final AtomicLongArray worst;
  private final AtomicLongArray stalls;
  private final List<Future<?>> beats = new ArrayList<>();

  LoopLag(Loops loops, Ticker ticker) {
    this.ticker = ticker;
    worst = new AtomicLongArray(loops.size());
    stalls = new AtomicLongArray(loops.size());
    for (LoopContext loop : loops.all()) {
      Beat beat = new Beat(loop.index(), ticker.nanos() + BEAT_NANOS);
      beats.add(
          loop.loop().scheduleWithFixedDelay(beat, BEAT_NANOS, BEAT_NANOS, TimeUnit.NANOSECONDS));
    }
  }

  /** The worst delay of a loop since the last call, in seconds. */
  double takeWorst(int loop) {
    return worst.getAndSet(loop, 0) / 1e9;
  }

  /** Delays of at least {@link #STALL_NANOS} so far. */
  long stalls(int loop) {
    return stalls.get(loop);
  }

  int size() {
    return worst.length();
  }

  @Override
  public void close() {
    beats.forEach(beat -> beat.cancel(false));
  }

  private final class Beat implements Runnable {
    private final int loop;
    private long expected;

    Beat(int loop, long expected) {
      this.loop = loop;
      this.expected = expected;
    }

    @Override
    public void run() {
      long now = ticker.nanos();
      long late = Math.max(0, now - expected);
      worst.accumulateAndGet(loop, late, Math::max);
      if (late >= STALL_NANOS) {
        stalls.getAndIncrement(loop);
      }
      expected = now + BEAT_NANOS;
    }
  }
}
