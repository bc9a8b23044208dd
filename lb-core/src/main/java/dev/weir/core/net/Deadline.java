package dev.weir.core.net;

/**
 * Something that happens unless it is called off in time; one entry of a {@link Wheel}. Belongs to
 * one event loop.
 */
public abstract class Deadline {
  static final int UNARMED = -1;

  long at;
  int bucket = UNARMED;
  Deadline previous;
  Deadline next;

  /** Called on the event loop, once per arming, at the wheel's first tick after the deadline. */
  protected abstract void expired();

  /** Whether it is waiting in a wheel. */
  public final boolean armed() {
    return bucket != UNARMED;
  }
}
