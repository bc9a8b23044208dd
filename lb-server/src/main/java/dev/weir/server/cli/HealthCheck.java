package dev.weir.server.cli;

import java.io.IOException;
import java.io.PrintStream;
import java.net.HttpURLConnection;
import java.net.URI;

/**
 * {@code lb health [URL]}: asks a running balancer whether it is ready. For container health
 * checks, which run often: it loads neither the command line library nor the logger.
 */
public final class HealthCheck {
  private static final String DEFAULT_URL = "http://127.0.0.1:9901/readyz";
  private static final int TIMEOUT_MILLIS = 2_000;

  private HealthCheck() {}

  /**
   * Asks once.
   *
   * @param arguments what follows {@code health}: nothing or one URL
   * @return 0 when the answer is 200, 1 when it is not or does not come within 2 s, 64 for wrong
   *     arguments
   */
  public static int run(String[] arguments, PrintStream out, PrintStream err) {
    if (arguments.length > 1) {
      err.println("usage: lb health [URL]");
      return ExitCode.USAGE;
    }
    String url = arguments.length == 1 ? arguments[0] : DEFAULT_URL;
    try {
      if (!(URI.create(url).toURL().openConnection() instanceof HttpURLConnection connection)) {
        err.println("lb health: '" + url + "' is not an http URL");
        return ExitCode.USAGE;
      }
      connection.setConnectTimeout(TIMEOUT_MILLIS);
      connection.setReadTimeout(TIMEOUT_MILLIS);
      int status = connection.getResponseCode();
      out.println(url + " answers " + status);
      return status == 200 ? ExitCode.OK : ExitCode.FAILURE;
    } catch (IllegalArgumentException malformed) {
      err.println("lb health: '" + url + "' is not a URL");
      return ExitCode.USAGE;
    } catch (IOException unreachable) {
      err.println("lb health: " + url + ": " + unreachable.getMessage());
      return ExitCode.FAILURE;
    }
  }
}
