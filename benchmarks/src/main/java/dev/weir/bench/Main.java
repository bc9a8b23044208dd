package dev.weir.bench;

import dev.weir.bench.audit.AuditCommands;
import dev.weir.bench.drill.ChangesDrill;
import dev.weir.bench.drill.CrashDrill;
import dev.weir.bench.drill.IdleDrill;
import dev.weir.bench.drill.KillDrill;
import dev.weir.bench.jmh.JmhCommand;
import dev.weir.bench.run.Scenario;
import dev.weir.bench.run.ScenarioRun;
import dev.weir.bench.soak.SoakDrill;
import java.util.Arrays;
import java.util.List;

/** Started by {@code benchmarks/run}: the first word is a scenario, a drill or a tool. */
public final class Main {
  private Main() {}

  /** Exit status: 0 done, 1 a bound was exceeded or a target failed, 3 unfit machine, 64 usage. */
  public static void main(String[] arguments) {
    System.exit(run(arguments));
  }

  private static int run(String... arguments) {
    try {
      if (arguments.length == 0 || arguments[0].startsWith("-")) {
        throw new UsageException("the command is missing");
      }
      List<String> rest = Arrays.asList(arguments).subList(1, arguments.length);
      return command(arguments[0], rest);
    } catch (UsageException problem) {
      System.err.println("benchmarks/run: " + problem.getMessage());
      usage();
      return 64;
    } catch (UnfitException problem) {
      System.err.println("benchmarks/run: " + problem.getMessage());
      return 3;
    }
  }

  private static void usage() {
    System.err.println("usage: benchmarks/run COMMAND [options]");
    System.err.println("  scenarios  " + Scenario.names());
    System.err.println("  drills     kill, changes, crash, idle, soak");
    System.err.println("  tools      jmh, audit, audit-backend, help");
    System.err.println("docs/performance.md explains them and their options.");
  }

  private static int command(String name, List<String> rest) {
    Options options = Options.parse(rest);
    if (!options.words().isEmpty()) {
      throw new UsageException("unexpected: " + String.join(" ", options.words()));
    }
    return switch (name) {
      case "help" -> {
        usage();
        yield 0;
      }
      case "kill" -> KillDrill.run(options);
      case "changes" -> ChangesDrill.run(options);
      case "crash" -> CrashDrill.run(options);
      case "idle" -> IdleDrill.run(options);
      case "soak" -> SoakDrill.run(options);
      case "jmh" -> JmhCommand.run(options);
      case "audit" -> AuditCommands.client(options);
      case "audit-backend" -> AuditCommands.backend(options);
      default -> ScenarioRun.run(name, options);
    };
  }
}
