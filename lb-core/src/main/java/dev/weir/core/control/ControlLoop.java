package dev.weir.core.control;

import java.time.Duration;

/**
 * The one thread that changes shared state: health, detector and admin states, pool views, the
 * running snapshot. Anybody may post to it; only tasks running on it write.
 */
public interface ControlLoop extends AutoCloseable {
  /** Runs a task on the loop, after those posted before it. A task that throws is logged. */
  void execute(Runnable task);

  /** Runs a task on the loop once, after a delay. */
  Cancellable schedule(Duration delay, Runnable task);

  /** Throws {@link IllegalStateException} unless called by a task running on this loop. */
  void assertInside();

  /** The loop's time. */
  Ticker ticker();

  /** Stops taking tasks; those already running finish. */
  @Override
  void close();

  /** A scheduled task that can be called off. */
  @FunctionalInterface
  interface Cancellable {
    /** Calls the task off; without effect if it has run or was cancelled. */
    void cancel();
  }
}
