package dev.weir.core.backend;

/** What the probes say of a backend. */
public enum Health {
  /** Not known yet. Eligible when the process has just started, not when added at run time. */
  CHECKING,
  /** In, by the probes. */
  HEALTHY,
  /** Out, by the probes. */
  UNHEALTHY
}
