package dev.weir.bench.run;

import dev.weir.bench.Options;
import dev.weir.bench.UsageException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * How proxies are started and measured; common to scenarios and drills.
 *
 * @param root the source tree
 * @param proxyCpu where the proxies are pinned; empty: nowhere
 * @param loadCpu where backend, load generator and the harness itself run
 * @param weirCommand starts Weir; {@code {config}} is replaced by a file name
 * @param jvmFlags for Weir's JVM, beyond those of its launcher
 * @param jdks major versions; the first is "weir", others are "weir-jdkN" beside it
 * @param targets what to run, in the order of the rounds
 * @param allowBusy measure although other work is going on
 */
public record Settings(
    Path root,
    String proxyCpu,
    String loadCpu,
    String weirCommand,
    String jvmFlags,
    List<Integer> jdks,
    List<String> targets,
    boolean allowBusy) {

  /** Reads them; {@code defaults} are the targets when none are named. */
  public static Settings read(Options options, String defaults) {
    Path root = Path.of(System.getProperty("weir.root", ".")).toAbsolutePath().normalize();
    if (!Files.isDirectory(root.resolve("benchmarks/peers"))) {
      throw new UsageException(root + " is not Weir's source tree; start benchmarks/run");
    }
    int cpus = Runtime.getRuntime().availableProcessors();
    List<Integer> jdks = new ArrayList<>();
    for (String jdk : options.list("jdk", "25")) {
      jdks.add(major(jdk));
    }
    return new Settings(
        root,
        options.text("proxy-cpu", cpus > 1 ? "0" : ""),
        options.text("load-cpu", cpus > 1 ? "1" : ""),
        options.text("weir-command", root + "/lb-server/target/weir/bin/lb run -c {config}"),
        options.text("jvm-flags", ""),
        List.copyOf(jdks),
        targets(options, defaults, jdks),
        options.flag("allow-busy"));
  }

  private static int major(String jdk) {
    try {
      return Integer.parseInt(jdk);
    } catch (NumberFormatException notANumber) {
      throw new UsageException("--jdk takes major versions such as 25,17, not '" + jdk + "'");
    }
  }

  private static List<String> targets(Options options, String defaults, List<Integer> jdks) {
    List<String> known = List.of(defaults.split(","));
    List<String> targets = new ArrayList<>(options.list("targets", defaults));
    List<String> without = options.list("without", "");
    for (String name : concat(targets, without)) {
      String plain = name.endsWith(Lab.LOG) ? name.substring(0, name.length() - 4) : name;
      if (!known.contains(plain)) {
        throw new UsageException(
            "unknown target '" + name + "'; known here: " + defaults + ", each also with -log");
      }
    }
    targets.removeAll(without);
    if (targets.isEmpty()) {
      throw new UsageException("no target is left");
    }
    int weir = targets.indexOf("weir");
    if (weir >= 0) {
      jdks.stream().skip(1).forEach(jdk -> targets.add(weir + 1, "weir-jdk" + jdk));
    }
    return List.copyOf(targets);
  }

  private static List<String> concat(List<String> first, List<String> second) {
    List<String> all = new ArrayList<>(first);
    all.addAll(second);
    return all;
  }

  /** The same with more flags for Weir's JVM, before those that were given. */
  public Settings withFlags(String flags) {
    return new Settings(
        root,
        proxyCpu,
        loadCpu,
        weirCommand,
        (flags + " " + jvmFlags).strip(),
        jdks,
        targets,
        allowBusy);
  }

  /** The {@code benchmarks} folder. */
  public Path folder() {
    return root.resolve("benchmarks");
  }
}
