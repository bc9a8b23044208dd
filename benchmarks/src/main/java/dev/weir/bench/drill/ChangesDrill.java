package dev.weir.bench.drill;

import dev.weir.bench.Options;
import dev.weir.bench.audit.Arrivals;
import dev.weir.bench.audit.AuditBounds;
import dev.weir.bench.audit.AuditClient;
import dev.weir.bench.audit.AuditPlan;
import dev.weir.bench.audit.AuditReport;
import dev.weir.bench.proc.Child;
import dev.weir.bench.run.Environment;
import dev.weir.bench.run.Lab;
import dev.weir.bench.run.Proxy;
import dev.weir.bench.run.Reports;
import dev.weir.bench.run.Settings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;

/**
 * A thousand backend changes through the admin API under keep-alive load: weights, drains, backends
 * added and removed. No request may fail and no connection be closed, by the books of the audit
 * client and by the balancer's own counter.
 */
public final class ChangesDrill {
  private static final String CLOSED = "weir_listener_connections_closed_total";
  private static final String BACKENDS = "/pools/web/backends/";

  private final Settings settings;
  private final Reports reports;
  private final AuditPlan plan;
  private final AuditBounds bounds;
  private final int changes;
  private final int pause;
  private final List<String> exceeded = new ArrayList<>();
  private int extraPort;

  private ChangesDrill(Settings settings, Reports reports, Options options) {
    this.settings = settings;
    this.reports = reports;
    // its time is that of the changes, see AuditClient.stop
    plan = AuditPlan.read(options, 0, 1000, 600, 20);
    bounds = new AuditBounds(0, 0, 0, 0);
    changes = options.number("changes", 1000, 1, 100_000);
    pause = options.number("pause", 5, 0, 10_000);
  }

  /** Runs it; status 1 when anything failed or was closed. */
  public static int run(Options options) {
    Settings settings = Settings.read(options, "weir");
    Reports reports = Reports.open(options, settings.root(), "changes", System.out);
    ChangesDrill drill = new ChangesDrill(settings, reports, options);
    options.done();
    try (Lab lab = new Lab(settings, reports.folder())) {
      drill.drill(lab);
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
    return drill.exceeded.isEmpty() ? 0 : 1;
  }

  private void drill(Lab lab) throws IOException {
    Backends backends = new Backends(lab, reports.folder());
    for (int i = 0; i < 4; i++) {
      backends.start(1);
    }
    extraPort = backends.ports().get(3);
    Proxy weir = lab.proxy("weir", "three", backends.ports().subList(0, 3));
    AdminClient admin = AdminClient.of(weir);
    AuditClient client = new AuditClient(plan.at(weir.port()), 1);
    CompletableFuture<AuditReport> running = client.start();
    Child.pause(2000);
    long before = admin.metric(CLOSED, "listener=\"web\"");
    long start = System.nanoTime();
    int refused = 0;
    for (int change = 0; change < changes; change++) {
      refused += changeOnce(admin, change) ? 0 : 1;
      Child.pause(pause); // so that a backend that was added also gets traffic before it goes
    }
    double seconds = (System.nanoTime() - start) / 1e9;
    Child.pause(1000);
    long closed = admin.metric(CLOSED, "listener=\"web\"") - before;
    client.stop();
    AuditReport report = running.join();
    Arrivals arrivals = Arrivals.check(report, backends.logs());
    exceeded.addAll(bounds.exceeded(report, arrivals));
    if (closed != 0) {
      exceeded.add(closed + " connections closed by the balancer's own counter");
    }
    if (refused != 0) {
      exceeded.add(refused + " changes were not accepted");
    }
    write(report, arrivals, closed, seconds);
  }

  /** Every eight changes leave the pool as it was, but for weights; two backends always serve. */
  private boolean changeOnce(AdminClient admin, int change) throws IOException {
    String name = "web-" + (1 + change / 8 % 3);
    String extra = "extra-" + change / 8 % 5;
    AdminClient.Answer answer =
        switch (change % 8) {
          case 0 -> admin.patch(BACKENDS + name, "{\"weight\":" + (1 + change % 1000) + "}");
          case 1 -> admin.patch(BACKENDS + name, "{\"state\":\"DRAIN\"}");
          case 2 ->
              admin.put(
                  BACKENDS + extra, "{\"address\":\"127.0.0.1:" + extraPort + "\",\"weight\":50}");
          case 3 -> admin.patch(BACKENDS + name, "{\"state\":\"READY\",\"weight\":100}");
          case 4 -> admin.patch(BACKENDS + extra, "{\"weight\":" + (1 + change % 500) + "}");
          case 5 -> admin.patch(BACKENDS + name, "{\"state\":\"MAINT\"}");
          case 6 -> admin.patch(BACKENDS + name, "{\"state\":\"READY\"}");
          default -> admin.delete(BACKENDS + extra);
        };
    if (!answer.done()) {
      reports.say("change " + change + ": " + answer.status() + " " + answer.body().strip());
    }
    return answer.done();
  }

  private void write(AuditReport report, Arrivals arrivals, long closed, double seconds) {
    StringBuilder text = new StringBuilder("# changes: backend changes under keep-alive load\n\n");
    text.append(
        String.format(
            Locale.ROOT,
            "%d changes in %.1f s (%.0f a second, one after another): weights, DRAIN, MAINT, READY,"
                + " backends added and removed; %d connections, %d requests a second planned, %d %%"
                + " POSTs. The client repeats nothing.%n%n",
            changes,
            seconds,
            changes / seconds,
            plan.connections(),
            plan.rate(),
            plan.postPercent()));
    text.append(report.table()).append(arrivals.rows());
    text.append("| closed, by the balancer's own counter | ").append(closed).append(" |\n");
    exceeded.forEach(sentence -> text.append("\nEXCEEDED: ").append(sentence).append('\n'));
    text.append("\n## Environment\n\n").append(new Environment(settings).markdown());
    reports.finish(text.toString());
  }
}
