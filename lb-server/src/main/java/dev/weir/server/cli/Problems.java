package dev.weir.server.cli;

import dev.weir.core.config.ConfigException;
import java.io.PrintWriter;

/** A wrong configuration, told on the terminal. */
final class Problems {
  private Problems() {}

  /**
   * Prints every problem on a line of its own, as {@code file:line: path: message}.
   *
   * @return the exit code
   */
  static int print(ConfigException wrong, PrintWriter err) {
    wrong.problems().forEach(err::println);
    return ExitCode.USAGE;
  }
}
