package dev.weir.core.control;

/** Time of day for logs, history and certificates; never used for timers or decisions. */
@FunctionalInterface
public interface WallClock {
  /** Milliseconds since 1970-01-01T00:00:00Z. */
  long epochMillis();

  /** The machine's clock. */
  static WallClock system() {
    return System::currentTimeMillis;
  }
}
