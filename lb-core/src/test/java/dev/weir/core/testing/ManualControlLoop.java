package dev.weir.core.testing;

import dev.weir.core.control.ControlLoop;
import dev.weir.core.control.Ticker;
import java.time.Duration;
import java.util.Comparator;
import java.util.PriorityQueue;

/**
 * A control loop for tests: virtual time, and nothing runs unless the test says so. Tasks run on
 * the test's thread, in order of time and then of posting; posting is allowed from any thread. What
 * a task throws reaches the test.
 */
public final class ManualControlLoop implements ControlLoop {
  private final PriorityQueue<Task> tasks =
      new PriorityQueue<>(
          Comparator.<Task>comparingLong(task -> task.at).thenComparingLong(task -> task.order));
  private long now;
  private long posted;
  private Thread inside;

  @Override
  public synchronized void execute(Runnable task) {
    tasks.add(new Task(now, posted++, task));
  }

  @Override
  public synchronized Cancellable schedule(Duration delay, Runnable task) {
    Task scheduled = new Task(now + delay.toNanos(), posted++, task);
    tasks.add(scheduled);
    return () -> cancel(scheduled);
  }

  private synchronized void cancel(Task task) {
    tasks.remove(task);
  }

  @Override
  public void assertInside() {
    if (Thread.currentThread() != inside) {
      throw new IllegalStateException("not on the control loop");
    }
  }

  @Override
  public Ticker ticker() {
    return this::nanos;
  }

  private synchronized long nanos() {
    return now;
  }

  @Override
  public synchronized void close() {
    tasks.clear();
  }

  /** Runs everything that is due, and what that posts. */
  public void run() {
    advance(Duration.ZERO);
  }

  /** Runs one task on the loop, after what is due. */
  public void run(Runnable task) {
    execute(task);
    run();
  }

  /** Lets time pass; tasks run at their moment. */
  public void advance(Duration time) {
    long until = nanos() + time.toNanos();
    for (Task task = next(until); task != null; task = next(until)) {
      inside = Thread.currentThread();
      try {
        task.run.run();
      } finally {
        inside = null;
      }
    }
    synchronized (this) {
      now = Math.max(now, until);
    }
  }

  /**
   * Lets time pass while nothing runs, as if the process had been stopped; then runs what is due.
   */
  public void stall(Duration time) {
    synchronized (this) {
      now += time.toNanos();
    }
    run();
  }

  private synchronized Task next(long until) {
    Task task = tasks.peek();
    if (task == null || task.at > until) {
      return null;
    }
    tasks.remove();
    now = Math.max(now, task.at);
    return task;
  }

  private record Task(long at, long order, Runnable run) {}
}
