package dev.weir.core.balance;

import java.util.List;

/** A balancing algorithm. Called off the data path each time a pool's candidates change. */
@FunctionalInterface
public interface Balancer {
  /** A picker over exactly these candidates; they may be none. */
  Picker picker(List<Candidate> candidates);
}
