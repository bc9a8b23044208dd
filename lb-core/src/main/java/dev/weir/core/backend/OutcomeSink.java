package dev.weir.core.backend;

/** Takes the evidence of ended attempts. Called on any event loop; must not block. */
@FunctionalInterface
public interface OutcomeSink {
  /**
   * One attempt has ended.
   *
   * @param fresh whether the connection was made for this attempt (not idle-reused)
   * @param client hash of the client's address, to tell one client from many
   */
  void ended(Backend backend, Outcome outcome, boolean fresh, int client);
}
