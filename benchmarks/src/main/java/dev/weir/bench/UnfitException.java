package dev.weir.bench;

/**
 * The machine cannot run this: a tool is missing, a port is taken, it is too busy. The message says
 * what to do about it. Ends the process with status 3.
 */
public final class UnfitException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** One sentence or more. */
  public UnfitException(String message) {
    super(message);
  }
}
