package dev.weir.core.net;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * What a UDP listener has on one event loop: a port for each address, and the sessions of all of
 * them. Filled by a worker; from {@link #start} on it belongs to the loop, except where it says
 * otherwise.
 */
final class DatagramShard {
  private final LoopContext loop;
  private final DatagramSet sessions;
  private final List<DatagramPort> ports = new ArrayList<>();
  private CompletableFuture<Void> closed;

  DatagramShard(LoopContext loop) {
    this.loop = loop;
    sessions = new DatagramSet(loop);
  }

  LoopContext loop() {
    return loop;
  }

  DatagramSet sessions() {
    return sessions;
  }

  /** The ports, in the order in which they were bound. */
  List<DatagramPort> ports() {
    return ports;
  }

  boolean closed() {
    return closed != null;
  }

  /** Begins to hear. Any thread. */
  void start() {
    execute(() -> ports.forEach(DatagramPort::start));
  }

  /** Lets go of sockets that were never started. */
  void discard() {
    ports.forEach(port -> port.socket().release());
  }

  /** Ends the sessions and closes the sockets. Any thread. */
  CompletableFuture<Void> close() {
    return ask(
        () -> {
          sessions.copy().forEach(DatagramSession::abort);
          return closeSockets();
        });
  }

  private CompletableFuture<Void> closeSockets() {
    if (closed == null) {
      closed =
          CompletableFuture.allOf(
              ports.stream()
                  .map(port -> port.socket().closeFully())
                  .toArray(CompletableFuture[]::new));
    }
    return closed;
  }

  /** Ends the sessions. Any thread. */
  void abort() {
    execute(() -> sessions.copy().forEach(DatagramSession::abort));
  }

  /** Takes in what waits, lets sessions finish until the deadline, and closes. Any thread. */
  CompletableFuture<Void> retire(Duration deadline) {
    return ask(() -> drain(deadline).thenCompose(done -> closeSockets()));
  }

  private CompletableFuture<Void> drain(Duration deadline) {
    ports.forEach(port -> port.socket().stop());
    sessions.copy().forEach(DatagramSession::drain);
    Future<?> last =
        loop.loop()
            .schedule(
                () -> sessions.copy().forEach(DatagramSession::abort),
                deadline.toNanos(),
                TimeUnit.NANOSECONDS);
    CompletableFuture<Void> empty = new CompletableFuture<>();
    sessions.whenEmpty(
        () -> {
          last.cancel(false);
          empty.complete(null);
        });
    return empty;
  }

  private CompletableFuture<Void> ask(Supplier<CompletableFuture<Void>> ending) {
    CompletableFuture<Void> done = new CompletableFuture<>();
    if (!execute(() -> ending.get().whenComplete((end, bad) -> done.complete(null)))) {
      done.complete(null);
    }
    return done;
  }

  /** Runs a task on the loop; false when that has ended, and its sockets with it. Any thread. */
  boolean execute(Runnable task) {
    try {
      loop.loop().execute(task);
      return true;
    } catch (RejectedExecutionException ended) {
      return false;
    }
  }
}
