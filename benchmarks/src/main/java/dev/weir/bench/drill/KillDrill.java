package dev.weir.bench.drill;

import dev.weir.bench.Options;
import dev.weir.bench.UsageException;
import dev.weir.bench.audit.Arrivals;
import dev.weir.bench.audit.AuditBounds;
import dev.weir.bench.audit.AuditClient;
import dev.weir.bench.audit.AuditPlan;
import dev.weir.bench.audit.AuditReport;
import dev.weir.bench.audit.Failure;
import dev.weir.bench.proc.Child;
import dev.weir.bench.proc.Tools;
import dev.weir.bench.run.Environment;
import dev.weir.bench.run.Lab;
import dev.weir.bench.run.Proxy;
import dev.weir.bench.run.Reports;
import dev.weir.bench.run.Settings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;

/**
 * Three real backend processes under GETs at a fixed rate, one of them killed with {@code kill -9}:
 * how many requests failed within the first 100 ms, and how many after. The audit client repeats
 * nothing, so what it counts is what a user would have seen.
 */
public final class KillDrill {
  private static final long GRACE_NANOS = 100_000_000;
  private static final int BEFORE_MILLIS = 3000;

  private final Settings settings;
  private final Reports reports;
  private final AuditPlan plan;
  private final int times;
  private final int delay;
  private final List<Row> rows = new ArrayList<>();
  private final List<String> exceeded = new ArrayList<>();
  private int run;

  /** One kill; milliseconds count from the signal. */
  private record Row(
      String target,
      long sent,
      long early,
      long within,
      long after,
      double last,
      String kinds,
      AuditReport report) {}

  private KillDrill(Settings settings, Reports reports, Options options) {
    this.settings = settings;
    this.reports = reports;
    plan = AuditPlan.read(options, 0, 1000, 8, 0);
    times = options.number("times", 3, 1, 20);
    delay = options.number("delay", 2, 0, 1000);
    if (plan.seconds() * 1000 <= BEFORE_MILLIS) {
      throw new UsageException("--seconds must be above " + BEFORE_MILLIS / 1000);
    }
  }

  /** Runs it; status 1 when Weir failed a request after the grace, or anything was corrupted. */
  public static int run(Options options) {
    Settings settings = Settings.read(options, "weir,haproxy,nginx");
    Reports reports = Reports.open(options, settings.root(), "kill", System.out);
    KillDrill drill = new KillDrill(settings, reports, options);
    options.done();
    Tools.require(settings.targets().stream().filter(t -> !t.startsWith("weir")).toList());
    for (int time = 1; time <= drill.times; time++) {
      for (String target : settings.targets()) {
        drill.kill(target, time);
      }
    }
    drill.write();
    return drill.exceeded.isEmpty() ? 0 : 1;
  }

  private void kill(String target, int time) {
    Path folder = reports.folder().resolve("kill-" + time + "-" + target);
    try (Lab lab = new Lab(settings, folder)) {
      Backends backends = new Backends(lab, folder);
      for (int i = 0; i < 3; i++) {
        backends.start(delay);
      }
      Proxy proxy = lab.proxy(target, "three", backends.ports());
      warm(proxy);
      CompletableFuture<AuditReport> running =
          new AuditClient(plan.at(proxy.port()), ++run).start();
      Child.pause(BEFORE_MILLIS);
      long killed = System.nanoTime();
      backends.get(time % 3).killNow();
      AuditReport report = running.join();
      Row row = row(target, report, killed);
      rows.add(row);
      judge(row, Arrivals.check(report, backends.logs()));
      reports.say(line(row));
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  /** A second of the same load, so that the drill does not begin with connecting and compiling. */
  private void warm(Proxy proxy) {
    AuditPlan shorter =
        new AuditPlan(
            proxy.port(),
            plan.connections(),
            plan.rate(),
            2,
            plan.postPercent(),
            plan.maxBytes(),
            plan.timeoutMillis(),
            plan.reopen());
    new AuditClient(shorter, ++run).run();
  }

  private static Row row(String target, AuditReport report, long killed) {
    long early = 0;
    long within = 0;
    long after = 0;
    double last = 0;
    for (Failure failure : report.failures()) {
      long since = failure.atNanos() - killed;
      early += since < 0 ? 1 : 0;
      within += since >= 0 && since <= GRACE_NANOS ? 1 : 0;
      after += since > GRACE_NANOS ? 1 : 0;
      last = Math.max(last, since / 1e6);
    }
    return new Row(target, report.sent(), early, within, after, last, kinds(report), report);
  }

  private static String kinds(AuditReport report) {
    Map<String, Integer> kinds = new TreeMap<>();
    for (Failure failure : report.failures()) {
      String status = failure.status() == 0 ? "" : " " + failure.status();
      kinds.merge(failure.kind().name().toLowerCase(Locale.ROOT) + status, 1, Integer::sum);
    }
    return kinds.isEmpty() ? "-" : kinds.toString().replaceAll("[{}]", "");
  }

  private void judge(Row row, Arrivals arrivals) {
    AuditBounds nothingCorrupted = new AuditBounds(-1, -1, -1, -1);
    nothingCorrupted
        .exceeded(row.report(), arrivals)
        .forEach(sentence -> exceeded.add(row.target() + ": " + sentence));
    if (row.target().startsWith("weir") && row.after() + row.early() > 0) {
      exceeded.add(
          row.target()
              + ": "
              + row.after()
              + " requests failed later than 100 ms after the kill, "
              + row.early()
              + " before it");
    }
  }

  private static String line(Row row) {
    return String.format(
        Locale.ROOT,
        "| %s | %d | %d | %d | %d | %s | %s | %d |",
        row.target(),
        row.sent(),
        row.early(),
        row.within(),
        row.after(),
        row.last() == 0 ? "-" : String.format(Locale.ROOT, "%.1f ms", row.last()),
        row.kinds(),
        row.report().closedByServer());
  }

  private void write() {
    StringBuilder text = new StringBuilder("# kill: a backend killed with kill -9 under load\n\n");
    text.append(
        String.format(
            "Three backend processes that answer after %d ms, %d requests a second over %d"
                + " keep-alive connections, %d %% POSTs, no retry by the client. Failures by the"
                + " time at which the client saw them, counted from the signal.%n%n",
            delay, plan.rate(), plan.connections(), plan.postPercent()));
    text.append(
        "| target | requests | failed before the kill | failed within 100 ms | failed later |");
    text.append(" last failure | kinds | connections closed by the proxy |\n");
    text.append("|---|---|---|---|---|---|---|---|\n");
    rows.forEach(row -> text.append(line(row)).append('\n'));
    exceeded.forEach(sentence -> text.append("\nEXCEEDED: ").append(sentence).append('\n'));
    text.append("\n## Environment\n\n").append(new Environment(settings).markdown());
    reports.finish(text.toString());
  }
}
