package dev.weir.core.planted;

/** Breaks a rule on purpose. */
public final class ReadsWallClock {
  long now() {
    return System.currentTimeMillis();
  }
}
