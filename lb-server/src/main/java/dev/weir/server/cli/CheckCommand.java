package dev.weir.server.cli;

import dev.weir.core.config.ConfigException;
import dev.weir.core.config.LbConfig;
import dev.weir.core.config.MemoryTerm;
import dev.weir.server.Checking;
import dev.weir.server.MemoryBound;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code lb check}: says what is wrong with a configuration, without running it. */
@Command(name = "check", description = "Say everything that is wrong with a configuration.")
final class CheckCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Mixin private ConfigFile config;

  @Option(
      names = "--memory",
      description = "Also tell how much memory traffic can take at worst, term by term.")
  private boolean memory;

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
      if (memory) {
        printMemory(out, MemoryBound.of(checked));
      }
      return ExitCode.OK;
    } catch (ConfigException wrong) {
      return Problems.print(wrong, spec.commandLine().getErr());
    }
  }

  private static void printMemory(PrintWriter out, List<MemoryTerm> terms) {
    out.println();
    out.println("memory of traffic, at worst:");
    for (MemoryTerm term : terms) {
      out.printf(
          "  %10s %-6s %s = %s%n",
          MemoryTerm.text(term.bytes()),
          term.direct() ? "direct" : "heap",
          term.what(),
          term.formula());
    }
    for (boolean direct : new boolean[] {true, false}) {
      long sum =
          terms.stream().filter(t -> t.direct() == direct).mapToLong(MemoryTerm::bytes).sum();
      out.printf("  %10s %-6s in all%n", MemoryTerm.text(sum), direct ? "direct" : "heap");
    }
    long all = terms.stream().mapToLong(MemoryTerm::bytes).sum();
    out.printf("  %10s in all%n", MemoryTerm.text(all));
  }
}
