package dev.weir.core.health;

import dev.weir.core.control.ControlLoop;
import dev.weir.core.control.ControlLoop.Cancellable;
import java.time.Duration;

/**
 * Notices when this process did not run: stopped, starved of CPU or in a long collection. Verdicts
 * on backends that were waited for meanwhile say nothing about the backends. A task on the control
 * loop beats every {@link #BEAT}; a beat that comes late is a stall. Written by the control loop,
 * read by any thread.
 */
public final class StallWatch {
  private static final Duration BEAT = Duration.ofMillis(25);
  private static final long NOTICED = BEAT.toNanos();
  private static final int REMEMBERED = 32;

  private final ControlLoop loop;
  private final long[] begins = new long[REMEMBERED];
  private final long[] ends = new long[REMEMBERED];
  private int stalls;
  private volatile Last last;
  private volatile Cancellable next = () -> {};

  /** The newest stall, and when the next beat should be. */
  private record Last(long stallEnd, boolean any, long due) {}

  /** Sleeps until {@link #start}. */
  public StallWatch(ControlLoop loop) {
    this.loop = loop;
    last = new Last(0, false, loop.ticker().nanos() + BEAT.toNanos());
  }

  /** Begins to beat. Control loop. */
  public void start() {
    loop.assertInside();
    last = new Last(last.stallEnd, last.any, loop.ticker().nanos() + BEAT.toNanos());
    next = loop.schedule(BEAT, this::beat);
  }

  /** Beats no more. Any thread. */
  public void stop() {
    next.cancel();
  }

  private void beat() {
    long now = loop.ticker().nanos();
    Last before = last;
    boolean late = now - before.due > NOTICED;
    if (late) {
      int slot = stalls++ % REMEMBERED;
      begins[slot] = before.due;
      ends[slot] = now;
    }
    last = new Last(late ? now : before.stallEnd, late || before.any, now + BEAT.toNanos());
    next = loop.schedule(BEAT, this::beat);
  }

  /**
   * The longest stall that ended after this moment, or still goes on, in nanoseconds; 0 when there
   * was none. Stalls shorter than 25 ms are not noticed. Control loop.
   */
  public long longestSince(long moment) {
    loop.assertInside();
    long longest = Math.max(0, loop.ticker().nanos() - last.due);
    for (int i = 0; i < Math.min(stalls, REMEMBERED); i++) {
      if (ends[i] - moment > 0) {
        longest = Math.max(longest, ends[i] - begins[i]);
      }
    }
    return longest > NOTICED ? longest : 0;
  }

  /** Whether the process was stalled at some time in the last so many nanoseconds. Any thread. */
  public boolean within(long nanos) {
    Last seen = last;
    long now = loop.ticker().nanos();
    return now - seen.due > NOTICED || (seen.any && now - seen.stallEnd < nanos);
  }
}
