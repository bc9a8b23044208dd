package dev.weir.core.planted;

import java.util.concurrent.ThreadLocalRandom;

/** Breaks a rule on purpose. */
public final class UsesChance {
  double chance() {
    return ThreadLocalRandom.current().nextDouble();
  }
}
