package dev.weir.server.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;
import picocli.CommandLine.Unmatched;

/** {@code lb reload}: short for {@code lb ctl reload}, with the same options. */
@Command(
    name = "reload",
    description =
        "Let a running balancer read its configuration file again; options as of \"lb ctl\".")
final class ReloadCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @Unmatched private List<String> options = new ArrayList<>();

  @Override
  public Integer call() {
    List<String> arguments = new ArrayList<>(List.of("ctl", "reload"));
    arguments.addAll(options);
    return spec.parent().commandLine().execute(arguments.toArray(String[]::new));
  }
}
