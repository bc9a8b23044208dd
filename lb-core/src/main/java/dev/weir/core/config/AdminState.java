package dev.weir.core.config;

/** What the operator wants of a backend. */
public enum AdminState {
  /** Serves. */
  READY,
  /** Finishes what runs and starts nothing new. */
  DRAIN,
  /** Out of service; not probed either. */
  MAINT
}
