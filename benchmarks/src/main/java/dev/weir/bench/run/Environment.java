package dev.weir.bench.run;

import dev.weir.bench.proc.MachineLoad;
import dev.weir.bench.proc.Tools;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** What a result depends on besides the code: written into every report. */
public final class Environment {
  private final Map<String, String> facts = new LinkedHashMap<>();

  /** Asks the machine. */
  public Environment(Settings settings) {
    put("commit", commit(settings.root()));
    put("kernel", Tools.output(List.of("uname", "-srm")));
    put("processor", processor());
    put("processors", String.valueOf(Runtime.getRuntime().availableProcessors()));
    put("pinning", "proxies on cpu " + settings.proxyCpu() + ", load on cpu " + settings.loadCpu());
    put("congestion control", congestion());
    put("network", System.getProperty("weir.netns", "the machine's own loopback"));
    put("open files", Tools.output(List.of("sh", "-c", "ulimit -n")));
    put(
        "load average at the start",
        String.format(Locale.ROOT, "%.2f", MachineLoad.now().loadAverage()));
    for (String target : settings.targets()) {
      if (target.equals("haproxy")) {
        put("haproxy", first(Tools.output(List.of("haproxy", "-v"))));
      } else if (target.equals("nginx")) {
        put("nginx", first(Tools.output(List.of("nginx", "-v"))));
      }
    }
  }

  /** One fact; an empty one is left out. */
  public void put(String name, String value) {
    if (!value.isBlank()) {
      facts.put(name, value);
    }
  }

  /** The kernel's default for new sockets, of the proxies too. */
  public static String congestion() {
    return line(Path.of("/proc/sys/net/ipv4/tcp_congestion_control"));
  }

  private static String commit(Path root) {
    String commit =
        Tools.output(List.of("git", "-C", root.toString(), "rev-parse", "--short=12", "HEAD"));
    String changes =
        Tools.output(List.of("git", "-C", root.toString(), "status", "--porcelain", "-uno"));
    return first(commit) + (changes.isEmpty() ? "" : " with uncommitted changes");
  }

  private static String processor() {
    try {
      return Files.readAllLines(Path.of("/proc/cpuinfo")).stream()
          .filter(line -> line.startsWith("model name"))
          .map(line -> line.substring(line.indexOf(':') + 1).strip())
          .findFirst()
          .orElse("");
    } catch (IOException unreadable) {
      return "";
    }
  }

  private static String line(Path file) {
    try {
      return Files.readString(file).strip();
    } catch (IOException unreadable) {
      return "";
    }
  }

  private static String first(String text) {
    return text.split("\n", 2)[0];
  }

  /** As lines of a Markdown list. */
  public String markdown() {
    StringBuilder text = new StringBuilder();
    facts.forEach(
        (name, value) -> text.append("* ").append(name).append(": ").append(value).append('\n'));
    return text.toString();
  }
}
