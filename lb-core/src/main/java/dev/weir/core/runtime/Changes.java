package dev.weir.core.runtime;

import dev.weir.core.runtime.ChangeResult.Failed;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Changes waiting for their turn: one after the other, each begun on the worker when the one before
 * is complete. Any thread.
 */
final class Changes {
  private static final Logger LOG = LoggerFactory.getLogger(Changes.class);
  private static final int MOST_WAITING = 1_000;

  private final Executor worker;
  private CompletableFuture<ChangeResult> last = CompletableFuture.completedFuture(null);
  private int waiting;

  Changes(Executor worker) {
    this.worker = worker;
  }

  synchronized CompletableFuture<ChangeResult> submit(
      Supplier<CompletableFuture<ChangeResult>> change) {
    if (waiting >= MOST_WAITING) {
      return CompletableFuture.completedFuture(
          new Failed(MOST_WAITING + " changes are waiting already; try again later"));
    }
    waiting++;
    CompletableFuture<ChangeResult> result =
        last.thenComposeAsync(before -> change.get(), worker).handle(this::done);
    last = result;
    return result;
  }

  private synchronized ChangeResult done(ChangeResult result, Throwable defect) {
    waiting--;
    if (defect != null) {
      LOG.error("a change failed", defect);
      return new Failed("a defect of the balancer; its log has more");
    }
    return result;
  }
}
