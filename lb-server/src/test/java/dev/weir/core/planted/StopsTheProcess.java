package dev.weir.core.planted;

/** Breaks a rule on purpose. */
public final class StopsTheProcess {
  void stop() {
    System.exit(1);
  }
}
