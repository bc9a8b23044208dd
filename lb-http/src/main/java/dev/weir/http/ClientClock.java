package dev.weir.http;

import dev.weir.core.net.Deadline;
import dev.weir.core.net.Wheel;

/**
 * The one clock of a client connection. Traffic moves its deadline all the time, mostly further
 * away, which costs a field; so it may wake up early, looks, and goes on. Belongs to one event
 * loop.
 */
final class ClientClock extends Deadline {
  /** What is told when the clock wakes up. */
  interface Owner {
    /** {@code over}: the deadline has passed; otherwise the clock goes on by itself afterwards. */
    void clock(boolean over);
  }

  private final Wheel wheel;
  private final Owner owner;
  private long due;

  ClientClock(Wheel wheel, Owner owner) {
    this.wheel = wheel;
    this.owner = owner;
  }

  /** The deadline is so many nanoseconds from now. */
  void in(long nanos) {
    by(wheel.now() + nanos);
  }

  /** The deadline is this moment. */
  void by(long moment) {
    due = moment;
    wheel.armAt(this, moment);
  }

  /** The deadline is so many nanoseconds from now, and the clock runs already. */
  void extend(long nanos) {
    move(wheel.now() + nanos);
  }

  /** The deadline is this moment, and the clock runs already, or is told by {@link #rearm}. */
  void move(long moment) {
    due = moment;
  }

  /** Runs to the deadline that was set last. */
  void rearm() {
    wheel.armAt(this, due);
  }

  void stop() {
    wheel.disarm(this);
  }

  @Override
  protected void expired() {
    boolean over = due - wheel.now() <= 0;
    if (!over) {
      wheel.armAt(this, due);
    }
    owner.clock(over);
  }
}
