package dev.weir.core.net;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One listening socket on one event loop: when it accepts and when it does not. How it accepts is
 * the transport's, in the subclasses. Its fields belong to the event loop.
 */
abstract class ListeningSocket {
  /** At most so many connections are taken from the queue of a socket that is being closed. */
  static final int LAST_ACCEPTS = 65_536;

  private static final Logger LOG = LoggerFactory.getLogger(ListeningSocket.class);
  private static final long SHORTAGE_PAUSE_NANOS = TimeUnit.SECONDS.toNanos(1);

  // What strerror says when accepting failed for want of something that will be there again.
  private static final List<String> SHORTAGES =
      List.of("Too many open files", "No buffer space available", "Cannot allocate memory");

  final Listener listener;
  final LoopContext loop;
  private final Runnable budgetChanged;
  private final CompletableFuture<Void> closed = new CompletableFuture<>();
  private final Deadline shortage =
      new Deadline() {
        @Override
        protected void expired() {
          evaluate();
        }
      };
  private boolean stopped;
  private boolean closing;

  ListeningSocket(Listener listener, LoopContext loop) {
    this.listener = listener;
    this.loop = loop;
    budgetChanged = this::evaluateOnLoop;
  }

  /** The address it is bound to; null of a Unix socket. */
  abstract InetSocketAddress address();

  /** Its file descriptor; -1 where the transport does not tell. */
  abstract int descriptor();

  /** Accepts or not; comes on the event loop, repeatedly. */
  abstract void accepting(boolean wanted);

  /** Takes in what is waiting, then closes; on the event loop, once. */
  abstract void finish(CompletableFuture<Void> done);

  /** Closes what {@link #start} has not been called for. */
  abstract void discard();

  /** Begins to accept. Any thread. */
  final void start() {
    loop.budget().watch(budgetChanged);
    evaluateOnLoop();
  }

  /** Accepts no more, for good; connections wait in the socket's queue. Any thread. */
  final void stop() {
    post(
        () -> {
          stopped = true;
          evaluate();
        });
  }

  /** Takes in what is waiting in the socket's queue and closes it. Any thread; repeatable. */
  final CompletableFuture<Void> end() {
    if (!post(this::endOnLoop)) {
      closed.complete(null);
    }
    return closed;
  }

  // False when the loop has ended, which closes its sockets.
  private boolean post(Runnable task) {
    try {
      loop.loop().execute(task);
      return true;
    } catch (RejectedExecutionException ended) {
      return false;
    }
  }

  private void endOnLoop() {
    if (!closing) {
      closing = true;
      loop.budget().unwatch(budgetChanged);
      loop.wheel().disarm(shortage);
      finish(closed);
    }
  }

  private void evaluateOnLoop() {
    if (loop.loop().inEventLoop()) {
      evaluate();
    } else {
      post(this::evaluate);
    }
  }

  private void evaluate() {
    if (!closing) {
      accepting(!stopped && !shortage.armed() && !loop.budget().exhausted());
    }
  }

  /**
   * Accepting failed. A shortage leaves the connection in the queue, so that trying again at once
   * would spin; what went wrong with one connection only is past.
   *
   * @return whether it is a shortage
   */
  final boolean failed(Throwable failure) {
    String message = String.valueOf(failure.getMessage());
    if (failure instanceof IOException && SHORTAGES.stream().noneMatch(message::contains)) {
      LOG.debug("listener {}: a connection was lost before it was accepted", listener.name());
      return false;
    }
    loop.budget().acceptFailed();
    LOG.warn("listener {}: accepting pauses for a second: {}", listener.name(), message);
    if (!closing) {
      loop.wheel().arm(shortage, SHORTAGE_PAUSE_NANOS);
    }
    evaluate();
    return true;
  }
}
