package dev.weir.core.net;

import dev.weir.core.control.Ticker;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.EventLoop;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;

/**
 * One event loop of the data path and what belongs to it. Except for the loop itself everything
 * here is used on that loop only.
 */
public final class LoopContext {
  private static final long PAUSE_NANOS = 10 * Wheel.TICK_NANOS;

  private final int index;
  private final EventLoop loop;
  private final RandomGenerator random;
  private final Wheel wheel;
  private final ConnectionBudget budget;
  private final Pipes pipes;
  private final ChannelFutureListener upstreamClosed;
  private long tickedNanos;
  private boolean forgiving;
  private final DatagramSpace datagrams = new DatagramSpace();

  LoopContext(
      int index,
      EventLoop loop,
      RandomGenerator random,
      Ticker ticker,
      ConnectionBudget budget,
      Pipes pipes) {
    this.index = index;
    this.loop = loop;
    this.random = random;
    this.budget = budget;
    this.pipes = pipes;
    upstreamClosed = closed -> budget.upstreamClosed();
    wheel = new Wheel(ticker);
    tickedNanos = ticker.nanos();
    long tick = Wheel.TICK_NANOS;
    loop.scheduleWithFixedDelay(this::tick, tick, tick, TimeUnit.NANOSECONDS);
  }

  // When it was we who stood still (the process, the machine), what came meanwhile is read before
  // anybody is told that he was too slow.
  void tick() {
    long now = wheel.now();
    forgiving = now - tickedNanos > PAUSE_NANOS && !forgiving;
    tickedNanos = now;
    if (!forgiving) {
      wheel.tick();
    }
  }

  /** From 0; the index of the loop's cells. */
  public int index() {
    return index;
  }

  /** The loop; tasks may be posted from any thread. */
  public EventLoop loop() {
    return loop;
  }

  /** The loop's own source of chance. */
  public RandomGenerator random() {
    return random;
  }

  /** The loop's timers. */
  public Wheel wheel() {
    return wheel;
  }

  /** Where its UDP sockets receive. */
  DatagramSpace datagrams() {
    return datagrams;
  }

  ConnectionBudget budget() {
    return budget;
  }

  Pipes pipes() {
    return pipes;
  }

  /** One for all connections to backends, since they are many and it is the same each time. */
  ChannelFutureListener upstreamClosed() {
    return upstreamClosed;
  }

  /** Monotonic nanoseconds. */
  public long now() {
    return wheel.now();
  }
}
