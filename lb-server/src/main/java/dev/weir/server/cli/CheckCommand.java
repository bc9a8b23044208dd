package dev.weir.server.cli;

import dev.weir.core.config.ConfigException;
import dev.weir.core.config.LbConfig;
import dev.weir.server.Checking;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code lb check}: says what is wrong with a configuration, without running it. */
@Command(name = "check", description = "Say everything that is wrong with a configuration.")
final class CheckCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Mixin private ConfigFile config;

  @Override
  public Integer call() {
    PrintWriter out = spec.commandLine().getOut();
    Path file = config.path();
    try {
      LbConfig checked = Checking.check(file);
      out.printf(
          "%s: good (listeners: %d, pools: %d, backends: %d)%n",
          file,
          checked.listeners().size(),
          checked.pools().size(),
          checked.pools().values().stream().mapToInt(pool -> pool.backends().size()).sum());
      return ExitCode.OK;
    } catch (ConfigException wrong) {
      return Problems.print(wrong, spec.commandLine().getErr());
    }
  }
}
