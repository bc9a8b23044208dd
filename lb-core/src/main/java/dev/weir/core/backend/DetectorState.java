package dev.weir.core.backend;

/** What traffic says of a backend. */
public enum DetectorState {
  /** Nothing against it. */
  OK,
  /** Some evidence, not enough. */
  SUSPECT,
  /** Out for a while, by traffic. */
  EJECTED
}
