package dev.weir.bench.soak;

import dev.weir.bench.audit.Failure;
import dev.weir.bench.run.Reports;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * What Weir's access log says around the time of failures that nothing excuses: the log itself is
 * too large to outlive the run. Used once, at the end.
 */
final class Evidence {
  private static final String TIME = "{\"time\":\"";
  private static final int AROUND_SECONDS = 5;
  private static final int MOST = 300;

  private final Path log;

  Evidence(Path log) {
    this.log = log;
  }

  /** Lines that end otherwise than well, in {@code evidence.txt}; nothing without failures. */
  void keep(List<Failure> failures, Reports reports) throws IOException {
    if (failures.isEmpty()) {
      return;
    }
    List<Instant> times = new ArrayList<>();
    List<String> kept = new ArrayList<>();
    Instant now = Instant.now();
    for (Failure failure : failures) {
      Instant at = now.minusNanos(System.nanoTime() - failure.atNanos());
      times.add(at);
      kept.add("# " + at + " " + failure.kind().text() + ": " + failure.detail());
    }
    try (Stream<String> lines = Files.lines(log)) {
      lines
          .filter(line -> !line.contains("\"cause\":\"none\"") && isNear(line, times))
          .limit(MOST)
          .forEach(kept::add);
    }
    reports.write("evidence.txt", kept);
  }

  private static boolean isNear(String line, List<Instant> times) {
    if (!line.startsWith(TIME)) {
      return false;
    }
    Instant at = Instant.parse(line.substring(TIME.length(), line.indexOf('"', TIME.length())));
    return times.stream()
        .anyMatch(time -> Math.abs(time.getEpochSecond() - at.getEpochSecond()) <= AROUND_SECONDS);
  }
}
