package dev.weir.core.balance;

import java.util.List;

/** A balancing algorithm. Called off the data path each time a pool's candidates change. */
@FunctionalInterface
public interface Balancer {
  /** A picker over exactly these candidates; they may be none. */
  Picker picker(List<Candidate> candidates);

  /**
   * Which candidates it wants. False: those that are eligible, again whenever that changes. True:
   * all with a weight above 0, so that the picker changes with the configuration only and has to
   * skip those that are not eligible; for tables that are large or whose stability matters.
   */
  default boolean overAll() {
    return false;
  }
}
