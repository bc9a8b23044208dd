package dev.weir.bench.soak;

import dev.weir.bench.audit.Arrivals;
import dev.weir.bench.audit.AuditBounds;
import dev.weir.bench.audit.AuditReport;
import dev.weir.bench.audit.Failure;
import dev.weir.bench.stats.Trend;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/** Holds everything that a soak has seen to its bounds; what exceeds them becomes a complaint. */
final class SoakVerdict {
  private static final long SOME = 16;

  private final SoakPlan plan;
  private final List<Sample> samples;
  private final Sample before;
  private final Sample after;
  private final Complaints complaints;
  private final StringBuilder rows = new StringBuilder();
  private List<Failure> bare = List.of();
  private Trend heap;
  private Trend direct;

  SoakVerdict(
      SoakPlan plan, List<Sample> samples, Sample before, Sample after, Complaints complaints) {
    this.plan = plan;
    this.samples = samples;
    this.before = before;
    this.after = after;
    this.complaints = complaints;
  }

  /** The books of the clients and the backends. */
  void books(AuditReport good, AuditReport rude, List<Path> logs, Disturbances disturbances)
      throws IOException {
    Arrivals arrivals = Arrivals.check(good, logs);
    new AuditBounds(-1, -1, -1, 0).exceeded(good, arrivals).forEach(complaints::add);
    bare = good.failures().stream().filter(one -> !disturbances.excuse(one)).toList();
    for (Failure failure : bare) {
      complaints.add(
          String.format(
              Locale.ROOT,
              "a good request failed: %s, status %d, after %d ms, %s",
              failure.kind().text(),
              failure.status(),
              (failure.atNanos() - failure.sentNanos()) / 1_000_000,
              failure.detail()));
    }
    if (good.failedInAll() > good.failures().size()) {
      complaints.add("more requests failed than the books hold");
    }
    long duplicates = Arrivals.check(rude, logs).duplicatedWrites();
    if (duplicates > 0) {
      complaints.add(duplicates + " POSTs of clients that had gone arrived twice");
    }
    rows.append(good.table()).append(arrivals.rows());
    rows.append(row("failed while a backend was killed", good.failedInAll() - bare.size()));
    rows.append(row("failed otherwise", bare.size()));
  }

  /** Failures of good requests that no kill excuses. */
  List<Failure> bare() {
    return bare;
  }

  /** What Weir has said. */
  void log(List<String> lines) {
    long leaks = lines.stream().filter(line -> line.contains("LEAK")).count();
    List<String> errors = lines.stream().filter(line -> line.contains(" ERROR ")).toList();
    if (leaks > 0) {
      complaints.add(leaks + " lines of the log say LEAK");
    }
    errors.stream().filter(line -> !line.contains("LEAK")).forEach(complaints::add);
    rows.append(row("lines of Weir's log with LEAK", leaks));
    rows.append(row("lines of Weir's log with ERROR", errors.size()));
  }

  /** Whether nothing is left of the traffic but what there was before it. */
  static boolean empty(Sample after, Sample before) {
    return after.clients().none()
        && after.upstreams() == 0
        && after.connections() == 0
        && after.leases() == 0
        && after.sockets() <= before.sockets() + SOME;
  }

  /** The state at the end, and the trend. */
  void finish() {
    zero("client connections", after.connections());
    zero("leases", after.leases());
    zero("client connections as objects", after.clients().downstreams());
    zero("exchanges as objects", after.clients().exchanges());
    zero("queue entries as objects", after.clients().attempts());
    zero("leases as objects", after.clients().leases());
    zero("upstream connections as objects", after.upstreams());
    near("sockets", after.sockets(), before.sockets());
    near("descriptors", after.descriptors(), before.descriptors());
    near("threads", after.threads(), before.threads());
    List<Sample> late = samples.stream().filter(s -> s.seconds() > plan.seconds() / 4).toList();
    if (late.size() < 4) {
      complaints.add("only " + late.size() + " samples after the first quarter: no trend");
      return;
    }
    double[] hours = late.stream().mapToDouble(sample -> sample.seconds() / 3600).toArray();
    heap = Trend.of(hours, late.stream().mapToDouble(Sample::heap).toArray());
    direct = Trend.of(hours, late.stream().mapToDouble(Sample::direct).toArray());
    if (heap.rises()) {
      complaints.add("the live heap grows: " + kilobytes(heap));
    }
    if (heap.high() > plan.growthPerHour()) {
      complaints.add(
          String.format(
              Locale.ROOT,
              "growth of the live heap is not shown to be below %.0f KB/h: %s",
              plan.growthPerHour() / 1024,
              kilobytes(heap)));
    }
  }

  private void zero(String what, long count) {
    rows.append(row("at the end: " + what, count));
    if (count != 0) {
      complaints.add(count + " " + what + " at the end");
    }
  }

  private void near(String what, long count, long first) {
    rows.append("| at the end: ").append(what).append(" | ").append(count);
    rows.append(" (").append(first).append(" at the start) |\n");
    if (count > first + SOME) {
      complaints.add(count + " " + what + " at the end, " + first + " at the start");
    }
  }

  private static String kilobytes(Trend trend) {
    double kilo = 1 / 1024.0;
    return new Trend(
            trend.points(), trend.slope() * kilo, trend.error() * kilo, trend.half() * kilo)
        .text("KB/h");
  }

  static String row(String name, long count) {
    return "| " + name + " | " + count + " |\n";
  }

  /** Tables and sentences. */
  String markdown() {
    StringBuilder text = new StringBuilder(rows);
    if (heap != null) {
      text.append("| slope of the live heap | ").append(kilobytes(heap)).append(" |\n");
      text.append("| bound of its upper end | ");
      text.append(String.format(Locale.ROOT, "%.0f KB/h |%n", plan.growthPerHour() / 1024));
      text.append("| slope of direct memory | ").append(kilobytes(direct)).append(" |\n");
    }
    text.append(
            "\nLive heap after full collections, with the clients paused, and beside it what the")
        .append(" JVM keeps of the code; the trend is that of the samples after the first quarter,")
        .append(" its interval by Student's t.\n\n")
        .append(
            "| minute | live heap KB | of code KB | direct KB | resident MB | descriptors | threads |\n")
        .append("|---|---|---|---|---|---|---|\n");
    for (Sample sample : samples) {
      text.append(
          String.format(
              Locale.ROOT,
              "| %.1f | %d | %d | %d | %d | %d | %d |%n",
              sample.seconds() / 60,
              sample.heap() / 1024,
              sample.code() / 1024,
              sample.direct() / 1024,
              sample.resident() >> 20,
              sample.descriptors(),
              sample.threads()));
    }
    complaints.all().forEach(one -> text.append("\nEXCEEDED: ").append(one).append('\n'));
    return text.toString();
  }
}
