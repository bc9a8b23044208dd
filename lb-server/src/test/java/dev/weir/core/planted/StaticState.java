package dev.weir.core.planted;

import java.util.concurrent.atomic.AtomicLong;

/** Breaks a rule on purpose. */
public final class StaticState {
  static final AtomicLong COUNT = new AtomicLong();

  private StaticState() {}
}
