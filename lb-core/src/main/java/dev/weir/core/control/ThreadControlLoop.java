package dev.weir.core.control;

import java.time.Duration;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The control loop of a running process: one daemon thread named {@code weir-control}. */
public final class ThreadControlLoop implements ControlLoop {
  private static final Logger LOG = LoggerFactory.getLogger(ThreadControlLoop.class);

  private final ScheduledThreadPoolExecutor executor;
  private final Ticker ticker;
  private volatile Thread thread;

  /** Starts the loop's thread on first use. */
  public ThreadControlLoop(Ticker ticker) {
    this.ticker = ticker;
    executor =
        new ScheduledThreadPoolExecutor(
            1,
            task -> {
              Thread created = new Thread(task, "weir-control");
              created.setDaemon(true);
              thread = created;
              return created;
            });
    executor.setRemoveOnCancelPolicy(true);
    executor.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
  }

  @Override
  public void execute(Runnable task) {
    try {
      executor.execute(guarded(task));
    } catch (RejectedExecutionException closed) {
      LOG.debug("control loop is closed; task dropped");
    }
  }

  @Override
  public Cancellable schedule(Duration delay, Runnable task) {
    try {
      ScheduledFuture<?> future =
          executor.schedule(guarded(task), delay.toNanos(), TimeUnit.NANOSECONDS);
      return () -> future.cancel(false);
    } catch (RejectedExecutionException closed) {
      return () -> {};
    }
  }

  private static Runnable guarded(Runnable task) {
    return () -> {
      try {
        task.run();
      } catch (RuntimeException | AssertionError failure) {
        LOG.error("task on the control loop failed", failure);
      }
    };
  }

  @Override
  public void assertInside() {
    if (Thread.currentThread() != thread) {
      throw new IllegalStateException(
          "shared state may change on the control loop only, not on " + Thread.currentThread());
    }
  }

  @Override
  public Ticker ticker() {
    return ticker;
  }

  @Override
  public void close() {
    executor.shutdown();
  }
}
