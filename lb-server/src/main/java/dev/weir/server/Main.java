package dev.weir.server;

import dev.weir.server.cli.HealthCheck;
import dev.weir.server.cli.LbCommand;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * The process: arguments in, exit code out. Nothing else in the product ends the process.
 *
 * <p>Exit codes: 0 done or ended as asked, 64 wrong arguments or configuration, 1 anything else.
 */
public final class Main {
  private Main() {}

  /** Runs one command. */
  public static void main(String[] arguments) {
    System.exit(run(arguments));
  }

  private static int run(String[] arguments) {
    if (arguments.length > 0 && arguments[0].equals("health")) {
      return HealthCheck.run(
          Arrays.copyOfRange(arguments, 1, arguments.length), System.out, System.err);
    }
    return LbCommand.run(
        arguments,
        new PrintWriter(System.out, true, StandardCharsets.UTF_8),
        new PrintWriter(System.err, true, StandardCharsets.UTF_8));
  }
}
