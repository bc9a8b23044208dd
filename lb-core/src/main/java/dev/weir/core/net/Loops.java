package dev.weir.core.net;

import dev.weir.core.control.Ticker;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.random.RandomGenerator;
import java.util.random.RandomGenerator.SplittableGenerator;

/** The event loops of the data path, for the life of the process. */
public final class Loops implements AutoCloseable {
  private final Transport transport;
  private final MultiThreadIoEventLoopGroup group;
  private final List<LoopContext> contexts;
  private final AtomicInteger next = new AtomicInteger();
  private final ConnectionBudget budget;
  private final Pipes pipes;
  private final long seed;

  /**
   * Starts the loops, with no limit on connections and nothing spliced.
   *
   * @param count 1..256
   * @param random split once for each loop
   */
  public Loops(Transport transport, int count, Ticker ticker, SplittableGenerator random) {
    this(transport, count, ticker, random, ConnectionBudget.unlimited(), Pipes.none());
  }

  /**
   * Starts the loops.
   *
   * @param count 1..256
   * @param random split once for each loop
   * @param budget limits the connections of all of them; closed by the caller
   * @param pipes what bytes are spliced through; closed by the caller
   */
  public Loops(
      Transport transport,
      int count,
      Ticker ticker,
      SplittableGenerator random,
      ConnectionBudget budget,
      Pipes pipes) {
    this.transport = transport;
    this.budget = budget;
    this.pipes = pipes;
    group =
        new MultiThreadIoEventLoopGroup(
            count, new DefaultThreadFactory("weir-loop", true), transport.handlers());
    List<LoopContext> created = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      RandomGenerator own = random.split();
      created.add(new LoopContext(i, group.next(), own, ticker, budget, pipes));
    }
    contexts = List.copyOf(created);
    seed = random.split().nextLong();
  }

  /** How sockets are driven. */
  public Transport transport() {
    return transport;
  }

  /** How many connections there may be. */
  public ConnectionBudget budget() {
    return budget;
  }

  /** What bytes are spliced through. */
  public Pipes pipes() {
    return pipes;
  }

  /** What hashes of this process begin with, so that nobody outside can foresee them. */
  long seed() {
    return seed;
  }

  /** How many. */
  public int size() {
    return contexts.size();
  }

  /** One of them, by index. */
  public LoopContext get(int index) {
    return contexts.get(index);
  }

  /** All of them, by index. */
  public List<LoopContext> all() {
    return contexts;
  }

  /** The next one in turn, for work that is not bound to a loop. Any thread. */
  public LoopContext next() {
    return contexts.get(Math.floorMod(next.getAndIncrement(), contexts.size()));
  }

  /**
   * Stops all loops and waits for them, at most 5 s. Listeners are to be retired before:
   * connections that are still open may not be told. Not to be called on a loop.
   */
  @Override
  public void close() {
    group.shutdownGracefully(0, 5, TimeUnit.SECONDS).awaitUninterruptibly(5, TimeUnit.SECONDS);
  }
}
