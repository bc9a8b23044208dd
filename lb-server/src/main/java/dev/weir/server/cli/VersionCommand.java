package dev.weir.server.cli;

import dev.weir.server.Version;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code lb version}. */
@Command(name = "version", description = "Say which build this is.")
final class VersionCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    spec.commandLine().getOut().println(Version.read());
    return ExitCode.OK;
  }
}
