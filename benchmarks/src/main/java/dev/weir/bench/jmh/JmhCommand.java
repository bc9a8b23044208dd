package dev.weir.bench.jmh;

import dev.weir.bench.Options;
import dev.weir.bench.UnfitException;
import dev.weir.bench.proc.Jdks;
import dev.weir.bench.run.Environment;
import dev.weir.bench.run.Reports;
import dev.weir.bench.run.Settings;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.results.format.ResultFormatType;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;

/** {@code jmh}: all microbenchmarks, or those that a regular expression names, with allocations. */
public final class JmhCommand {
  private static final String ALLOCATED = "gc.alloc.rate.norm";

  private JmhCommand() {}

  /** Runs them; status 1 when one that must not allocate does. */
  public static int run(Options options) {
    Settings settings = Settings.read(options, "weir");
    Reports reports = Reports.open(options, settings.root(), "jmh", System.out);
    OptionsBuilder builder = new OptionsBuilder();
    builder.include(options.text("filter", ".*Benchmark"));
    builder.forks(options.number("forks", 1, 0, 10));
    builder.warmupIterations(options.number("warmup", 3, 0, 100));
    builder.warmupTime(TimeValue.seconds(1));
    builder.measurementIterations(options.number("iterations", 5, 1, 100));
    builder.measurementTime(TimeValue.seconds(options.number("seconds", 1, 1, 60)));
    builder.addProfiler(GCProfiler.class);
    builder.jvm(Jdks.java(settings.jdks().get(0)).toString());
    builder.shouldFailOnError(true);
    builder.resultFormat(ResultFormatType.JSON);
    builder.result(reports.folder().resolve("jmh.json").toString());
    options.done();
    try {
      return report(settings, reports, new Runner(builder.build()).run());
    } catch (RunnerException failure) {
      throw new UnfitException("JMH: " + failure.getMessage());
    }
  }

  private static int report(Settings settings, Reports reports, Collection<RunResult> results) {
    StringBuilder text = new StringBuilder("# jmh: microbenchmarks\n\n");
    text.append("| benchmark | ns/op | +- | B/op |\n|---|---|---|---|\n");
    boolean clean = true;
    for (RunResult result : results) {
      Result<?> time = result.getPrimaryResult();
      Result<?> allocated = result.getSecondaryResults().get(ALLOCATED);
      double bytes = allocated == null ? 0 : allocated.getScore();
      // the profiler's own objects show as a small fraction of a byte
      clean &= bytes < 1;
      text.append(
          String.format(
              Locale.ROOT,
              "| %s | %.1f | %.1f | %.2f |%n",
              name(result),
              time.getScore(),
              time.getScoreError(),
              bytes));
    }
    if (!clean) {
      text.append("\nEXCEEDED: something on the data path allocates\n");
    }
    text.append("\n## Environment\n\n").append(new Environment(settings).markdown());
    reports.finish(text.toString());
    return clean ? 0 : 1;
  }

  private static String name(RunResult result) {
    String full = result.getParams().getBenchmark();
    List<String> parameters = new ArrayList<>();
    for (String key : result.getParams().getParamsKeys()) {
      parameters.add(key + "=" + result.getParams().getParam(key));
    }
    String last = full.substring(full.lastIndexOf('.', full.lastIndexOf('.') - 1) + 1);
    return last + (parameters.isEmpty() ? "" : " " + String.join(" ", parameters));
  }
}
