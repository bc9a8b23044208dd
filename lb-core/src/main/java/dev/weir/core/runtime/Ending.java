package dev.weir.core.runtime;

import dev.weir.core.config.ProcessConfig;
import dev.weir.core.control.ControlLoop;
import dev.weir.core.control.ControlLoop.Cancellable;
import dev.weir.core.net.OpenListener;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/**
 * How listeners end: one that left the configuration, or all with the process. Any thread; timers
 * are the control loop's.
 */
final class Ending {
  /** Between the removal of a pool and its end, for requests that have just found their route. */
  private static final Duration GRACE = Duration.ofSeconds(1);

  private final ControlLoop control;
  private final Supplier<Collection<OpenListener>> running;
  private final Set<OpenListener> retiring = ConcurrentHashMap.newKeySet();
  private final CompletableFuture<Drained> drained = new CompletableFuture<>();

  private volatile boolean begun;
  private boolean advanced;
  private boolean accepting = true;
  private Cancellable timer = () -> {};
  private int cut;

  Ending(ControlLoop control, Supplier<Collection<OpenListener>> running) {
    this.control = control;
    this.running = running;
  }

  boolean begun() {
    return begun;
  }

  /** Ends a listener that is not in the configuration any more. */
  void retire(OpenListener listener, Duration deadline) {
    retiring.add(listener);
    listener.retire(deadline).whenComplete((done, failure) -> retiring.remove(listener));
  }

  /** Runs tasks on the control loop in a moment. */
  void later(Runnable... tasks) {
    control.schedule(GRACE, () -> List.of(tasks).forEach(Runnable::run));
  }

  int openConnections() {
    return everyListener().stream().mapToInt(OpenListener::openConnections).sum();
  }

  private List<OpenListener> everyListener() {
    List<OpenListener> all = new ArrayList<>(running.get());
    all.addAll(retiring);
    return all;
  }

  /** The graceful end of all; the second call ends at once. */
  CompletableFuture<Drained> begin(ProcessConfig.Shutdown times) {
    control.execute(() -> advance(times));
    begun = true;
    return drained;
  }

  private void advance(ProcessConfig.Shutdown times) {
    timer.cancel();
    if (advanced) {
      cutAll();
      return;
    }
    advanced = true;
    Duration left = times.hard().minus(times.preDelay());
    Duration drain = times.drain().compareTo(left) < 0 ? times.drain() : left;
    Duration allowed = drain.isNegative() ? Duration.ZERO : drain;
    if (times.preDelay().isZero()) {
      stopAccepting(allowed);
    } else {
      timer = control.schedule(times.preDelay(), () -> stopAccepting(allowed));
    }
  }

  private void stopAccepting(Duration allowed) {
    accepting = false;
    // The listeners abort what is left; a moment earlier it is counted.
    timer = control.schedule(allowed, this::cutAll);
    List<CompletableFuture<Void>> ends = new ArrayList<>();
    for (OpenListener listener : everyListener()) {
      ends.add(listener.retire(allowed.plus(GRACE)));
    }
    CompletableFuture.allOf(ends.toArray(CompletableFuture[]::new))
        .whenComplete((done, failure) -> control.execute(this::finish));
  }

  private void cutAll() {
    cut = Math.max(cut, openConnections());
    if (accepting) {
      stopAccepting(Duration.ZERO);
    }
    everyListener().forEach(OpenListener::abort);
  }

  private void finish() {
    timer.cancel();
    drained.complete(new Drained(cut));
  }

  /** Ends everything at once. */
  void close() {
    begun = true;
    for (OpenListener listener : everyListener()) {
      listener.close();
      listener.abort();
    }
  }
}
