package dev.weir.core.control;

/**
 * Monotonic time, passed in wherever time is needed; nothing outside this package reads a clock.
 */
@FunctionalInterface
public interface Ticker {
  /** Nanoseconds since an arbitrary origin; never goes back. */
  long nanos();

  /** The machine's monotonic clock. */
  static Ticker system() {
    return System::nanoTime;
  }
}
