package dev.weir.core.net;

import dev.weir.core.config.HostPort;
import dev.weir.core.control.Ticker;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * Answers GET and HEAD for a few fixed paths ({@code /livez}, {@code /readyz}, {@code /metrics}) on
 * an address, an event loop and a worker of its own, so that it answers when everything else is
 * stuck. Every connection carries one request. Opened by the composition root; its pages are
 * written by whoever knows the answer.
 */
public final class PlainResponder implements AutoCloseable {
  private static final int WAITING = 16;

  private final Loops loops;
  private final Listener listener;
  private final ThreadPoolExecutor worker;

  private PlainResponder(Loops loops, Listener listener, ThreadPoolExecutor worker) {
    this.loops = loops;
    this.listener = listener;
    this.worker = worker;
  }

  /**
   * Opens the address and begins to answer.
   *
   * @param pages by path, such as {@code /livez}
   * @throws IOException when the address cannot be bound
   */
  public static PlainResponder open(HostPort bind, Map<String, Page> pages, Ticker ticker)
      throws IOException {
    Loops loops = new Loops(Transport.of("auto"), 1, ticker, new SplittableRandom(0));
    ThreadPoolExecutor worker =
        new ThreadPoolExecutor(
            1,
            1,
            0,
            TimeUnit.SECONDS,
            new ArrayBlockingQueue<>(WAITING),
            task -> {
              Thread thread = new Thread(task, "weir-plain-worker");
              thread.setDaemon(true);
              return thread;
            });
    Map<String, Page> known = Map.copyOf(pages);
    try {
      Listener listener =
          Listener.open(
              "metrics",
              bind,
              loops,
              (child, loop, of) -> PlainConnection.accept(child, loop, of, known, worker));
      return new PlainResponder(loops, listener, worker);
    } catch (IOException failure) {
      loops.close();
      worker.shutdownNow();
      throw failure;
    }
  }

  /** The bound address, with the real port. */
  public InetSocketAddress address() {
    return listener.address();
  }

  /** Stops answering, at once. */
  @Override
  public void close() {
    // Netty does not always close the connections of a loop that ends.
    listener.retire(Duration.ZERO).completeOnTimeout(null, 2, TimeUnit.SECONDS).join();
    worker.shutdownNow();
    loops.close();
  }

  /**
   * What is at a path.
   *
   * @param slow whether making the answer takes long enough to need the worker; otherwise it is
   *     made on the event loop and must not block
   */
  public record Page(boolean slow, Supplier<Answer> content) {
    /** Made on the event loop. */
    public static Page quick(Supplier<Answer> content) {
      return new Page(false, content);
    }

    /** Made on the worker. */
    public static Page slow(Supplier<Answer> content) {
      return new Page(true, content);
    }
  }

  /**
   * An answer.
   *
   * @param status an HTTP status code
   * @param contentType of the body, without line breaks
   * @param body sent as UTF-8
   */
  public record Answer(int status, String contentType, String body) {
    /** Plain text. */
    public static Answer text(int status, String body) {
      return new Answer(status, "text/plain; charset=utf-8", body);
    }
  }
}
