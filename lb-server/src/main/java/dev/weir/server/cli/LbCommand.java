package dev.weir.server.cli;

import dev.weir.server.ctl.CtlCommand;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code lb}: the list of commands, and how their mistakes are told. */
@Command(
    name = "lb",
    description = "A Layer-4/7 load balancer.",
    synopsisSubcommandLabel = "COMMAND",
    subcommands = {
      DemoCommand.class,
      RunCommand.class,
      CheckCommand.class,
      CtlCommand.class,
      ReloadCommand.class,
      HealthCommand.class,
      VersionCommand.class,
      TrainCommand.class,
      CommandLine.HelpCommand.class
    },
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      " 0:done, or ended as asked",
      "64:wrong arguments or configuration",
      " 1:anything else, such as a port in use"
    })
public final class LbCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  /**
   * Runs a command line to its end.
   *
   * @return the exit code
   */
  public static int run(String[] arguments, PrintWriter out, PrintWriter err) {
    return new CommandLine(new LbCommand())
        .setOut(out)
        .setErr(err)
        .setParameterExceptionHandler(LbCommand::wrongArguments)
        .setExecutionExceptionHandler(LbCommand::failed)
        .execute(arguments);
  }

  private static int wrongArguments(CommandLine.ParameterException wrong, String[] arguments) {
    CommandLine command = wrong.getCommandLine();
    command.getErr().println("lb: " + wrong.getMessage());
    CommandLine.UnmatchedArgumentException.printSuggestions(wrong, command.getErr());
    command.getErr().println(command.getUsageMessage(CommandLine.Help.Ansi.OFF).strip());
    return ExitCode.USAGE;
  }

  private static int failed(
      Exception failure, CommandLine command, CommandLine.ParseResult arguments) {
    command.getErr().println("lb: internal error, please report it");
    failure.printStackTrace(command.getErr());
    return ExitCode.FAILURE;
  }

  @Override
  public Integer call() {
    spec.commandLine().usage(spec.commandLine().getErr());
    return ExitCode.USAGE;
  }
}
