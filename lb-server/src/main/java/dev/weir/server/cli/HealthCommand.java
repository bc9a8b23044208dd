package dev.weir.server.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code lb health}, for the help page; {@code Main} runs {@link HealthCheck} without all this. */
@Command(name = "health", description = "Ask a running balancer whether it is ready; exit 0 or 1.")
final class HealthCommand implements Callable<Integer> {
  @Parameters(
      paramLabel = "URL",
      arity = "0..1",
      description = "Default: http://127.0.0.1:9901/readyz")
  private String url;

  @Override
  public Integer call() {
    String[] arguments = url == null ? new String[0] : new String[] {url};
    return HealthCheck.run(arguments, System.out, System.err);
  }
}
