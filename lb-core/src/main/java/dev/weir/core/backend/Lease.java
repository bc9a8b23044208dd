package dev.weir.core.backend;

/**
 * One unit of a backend's capacity, held by one attempt and given back exactly once, by its {@link
 * #end}. Used by one event loop; not thread-safe.
 */
public final class Lease {
  private final Backend backend;
  private boolean ended;

  Lease(Backend backend) {
    this.backend = backend;
  }

  /** Whose capacity this is. */
  public Backend backend() {
    return backend;
  }

  /** Whether it has been given back. */
  public boolean ended() {
    return ended;
  }

  /**
   * Gives the unit back and reports the evidence; later calls do nothing.
   *
   * @see OutcomeSink#ended
   */
  public void end(Outcome outcome, boolean fresh, int client) {
    if (!ended) {
      ended = true;
      backend.release(outcome, fresh, client);
    }
  }
}
