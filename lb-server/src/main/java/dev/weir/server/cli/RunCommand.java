package dev.weir.server.cli;

import dev.weir.core.config.ConfigException;
import dev.weir.server.LbServer;
import dev.weir.server.Serving;
import dev.weir.server.Signals;
import dev.weir.server.SystemdNotify;
import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code lb run}: the balancer itself, until a signal ends it. */
@Command(
    name = "run",
    description = "Run the balancer until SIGTERM or SIGINT; SIGHUP reads the file again.")
final class RunCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Mixin private ConfigFile config;

  @Option(
      names = "--discard-api-changes",
      description = "Forget what was changed through the API and run the file as it is.")
  private boolean discardApiChanges;

  @Override
  public Integer call() throws InterruptedException {
    Serving serving = new Serving(SystemdNotify.fromEnvironment());
    Signals.install(serving::ask);
    try (LbServer server = LbServer.start(new LbServer.Options(config.path(), discardApiChanges))) {
      serving.untilEnd(server);
      return ExitCode.OK;
    } catch (ConfigException wrong) {
      return Problems.print(wrong, spec.commandLine().getErr());
    } catch (IOException failed) {
      spec.commandLine().getErr().println("lb: " + failed.getMessage());
      return ExitCode.FAILURE;
    }
  }
}
