package dev.weir.server.cli;

/** The exit codes of every command. */
public final class ExitCode {
  /** Done, or ended as asked. */
  public static final int OK = 0;

  /** Everything that is neither of the others, such as a port in use. */
  public static final int FAILURE = 1;

  /** Wrong arguments or a wrong configuration (EX_USAGE of sysexits.h). */
  public static final int USAGE = 64;

  private ExitCode() {}
}
