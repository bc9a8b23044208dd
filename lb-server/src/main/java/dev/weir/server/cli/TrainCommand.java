package dev.weir.server.cli;

import dev.weir.server.demo.Training;
import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/**
 * {@code lb train}: a short life of a balancer on free ports, for a JVM that writes an archive of
 * the classes it has loaded. Used by the launcher and the image build.
 */
@Command(
    name = "train",
    hidden = true,
    description = "Load what a running balancer loads, and end.")
final class TrainCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws Exception {
    try {
      Training.run();
      return ExitCode.OK;
    } catch (IOException failed) {
      spec.commandLine().getErr().println("lb train: " + failed.getMessage());
      return ExitCode.FAILURE;
    }
  }
}
