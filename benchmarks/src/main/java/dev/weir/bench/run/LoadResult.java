package dev.weir.bench.run;

import dev.weir.bench.UnfitException;
import dev.weir.bench.proc.Tools;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * What a load generator said in its one line {@code WEIR name=number ...}.
 *
 * @param values by name; {@code units}, {@code errors} and {@code nanos} are always there
 * @param problem why the result does not count; empty when it does
 */
record LoadResult(Map<String, Long> values, String problem) {
  private static final String MARK = "WEIR ";

  /** Runs a load generator and reads its line. The time is bounded by the generator and by us. */
  static LoadResult run(List<String> command, String cpus, int seconds) {
    List<String> pinned = new ArrayList<>();
    if (!cpus.isEmpty()) {
      pinned.addAll(List.of("taskset", "-c", cpus));
    }
    pinned.addAll(command);
    try {
      Process process = new ProcessBuilder(pinned).redirectErrorStream(true).start();
      process.getOutputStream().close();
      Thread guard = guard(process, seconds + 10);
      String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      guard.interrupt();
      return parse(said);
    } catch (IOException failure) {
      Tools.require(List.of(command.get(0)));
      throw new UnfitException("cannot run " + command.get(0) + ": " + failure.getMessage());
    }
  }

  private static Thread guard(Process process, int seconds) {
    Thread guard =
        new Thread(
            () -> {
              try {
                if (!process.waitFor(seconds, TimeUnit.SECONDS)) {
                  process.destroyForcibly();
                }
              } catch (InterruptedException finished) {
                Thread.currentThread().interrupt();
              }
            },
            "load-guard");
    guard.setDaemon(true);
    guard.start();
    return guard;
  }

  static LoadResult parse(String said) {
    Map<String, Long> values = new HashMap<>(Map.of("units", 0L, "errors", 0L, "nanos", 0L));
    int mark = said.indexOf(MARK);
    if (mark < 0) {
      String end = said.strip();
      return new LoadResult(values, "no result: " + end.substring(Math.max(0, end.length() - 300)));
    }
    for (String pair : said.substring(mark + MARK.length()).split("\n", 2)[0].trim().split(" ")) {
      int equals = pair.indexOf('=');
      values.put(pair.substring(0, equals), Long.parseLong(pair.substring(equals + 1)));
    }
    String problem = "";
    if (values.get("errors") > 0) {
      problem = values.get("errors") + " errors";
    } else if (values.getOrDefault("late", 0L) > 0) {
      problem = values.get("late") + " requests never answered";
    } else if (values.get("units") == 0) {
      problem = "nothing was transferred";
    }
    return new LoadResult(Map.copyOf(values), problem);
  }

  long units() {
    return values.get("units");
  }

  double seconds() {
    return values.get("nanos") / 1e9;
  }
}
