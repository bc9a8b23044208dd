package dev.weir.bench;

/** A command line that cannot be used; the message says why. Ends the process with status 64. */
public final class UsageException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** One sentence. */
  public UsageException(String message) {
    super(message);
  }
}
