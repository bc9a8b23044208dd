package dev.weir.core.testing;

import dev.weir.core.control.Ticker;
import dev.weir.core.control.WallClock;

/** A time of day that follows a ticker; starts at 2026-01-01T00:00:00Z. */
public record ManualWallClock(Ticker ticker) implements WallClock {
  /** The first millisecond. */
  public static final long START = 1_767_225_600_000L;

  @Override
  public long epochMillis() {
    return START + ticker.nanos() / 1_000_000;
  }
}
