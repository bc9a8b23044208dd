package dev.weir.bench.soak;

import dev.weir.bench.Options;
import dev.weir.bench.audit.Ledger;
import dev.weir.bench.drill.AdminClient;
import dev.weir.bench.drill.Backends;
import dev.weir.bench.proc.Child;
import dev.weir.bench.proc.Jdks;
import dev.weir.bench.proc.Meter;
import dev.weir.bench.run.Environment;
import dev.weir.bench.run.Lab;
import dev.weir.bench.run.Proxy;
import dev.weir.bench.run.Reports;
import dev.weir.bench.run.Settings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;

/**
 * An hour of mixed traffic, most of it well-behaved and audited, much of it not, with backends that
 * are killed and configurations that change, against a Weir whose every buffer is watched: nothing
 * may leak, nothing may stay, and the live heap may not grow.
 */
public final class SoakDrill {
  private static final String FLAGS = "-Xmx256m -Dio.netty.leakDetection.level=paranoid";
  private static final int KILL_SECONDS = 45;
  private static final int DEAD_SECONDS = 5;
  private static final int CHANGE_SECONDS = 20;
  private static final int QUIET_MILLIS = 12_000;

  /** Beyond the idle limit of upstream connections, each of which holds some kilobytes. */
  private static final int SETTLE_MILLIS = 3000;

  private static final int LEAK_LINES = 500;
  private static final int END_SECONDS = 60;

  private final SoakPlan plan;
  private final Settings settings;
  private final Reports reports;
  private final Ledger good;
  private final Ledger rude;
  private final Complaints complaints = new Complaints();
  private final List<Sample> samples = new ArrayList<>();
  private final Path java;
  private final Growth growth = new Growth();
  private Disturbances disturbances;
  private Proxy weir;
  private AdminClient admin;
  private long start;

  private SoakDrill(SoakPlan plan, Settings settings, Reports reports) {
    this.plan = plan;
    this.settings = settings;
    this.reports = reports;
    good = new Ledger(2 * plan.seed() - 1);
    rude = new Ledger(2 * plan.seed());
    java = Jdks.java(settings.jdks().get(0));
  }

  /** Runs it; status 1 when a bound was exceeded. */
  public static int run(Options options) {
    Settings settings = Settings.read(options, "weir").withFlags(FLAGS);
    Reports reports = Reports.open(options, settings.root(), "soak", System.out);
    SoakPlan plan = SoakPlan.read(options);
    options.done();
    SoakDrill drill = new SoakDrill(plan, settings, reports);
    try (Lab lab = new Lab(settings, reports.folder())) {
      return drill.drill(lab) ? 0 : 1;
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  private boolean drill(Lab lab) throws IOException {
    Backends backends = new Backends(lab, reports.folder());
    for (int i = 0; i < 4; i++) {
      backends.start(0);
    }
    weir = lab.proxy("weir-log", "soak", backends.ports());
    admin = AdminClient.of(weir);
    SplittableRandom random = new SplittableRandom(plan.seed());
    disturbances = new Disturbances(backends, admin, random.split(), complaints);
    Sample before = sample(true);
    long cpu = Meter.ours(lab.children());
    start = System.nanoTime();
    Traffic traffic =
        new Traffic(weir.port(), plan.rate(), random.nextLong(), good, rude, complaints);
    course(traffic);
    boolean ended = traffic.stop(QUIET_MILLIS * 2L);
    double seconds = seconds();
    double cpus = (Meter.ours(lab.children()) - cpu) / 1e9 / seconds;
    if (!ended) {
      complaints.add("clients were still busy " + QUIET_MILLIS / 500 + " s after the end");
    }
    Sample after = atRest(before);
    flushLeaks();
    SoakVerdict verdict = new SoakVerdict(plan, samples, before, after, complaints);
    verdict.books(good.report(seconds), rude.report(seconds), backends.logs(), disturbances);
    List<String> said = Files.readAllLines(weir.folder().resolve("output.txt"));
    verdict.log(said);
    keepLeaks(said);
    new Evidence(weir.folder().resolve("access.log")).keep(verdict.bare(), reports);
    verdict.finish();
    write(verdict, traffic, cpus, seconds);
    return complaints.all().isEmpty();
  }

  private double seconds() {
    return start == 0 ? 0 : (System.nanoTime() - start) / 1e9;
  }

  /** Samples, kills and changes, each in its own beat, until the time is over. */
  private void course(Traffic traffic) throws IOException {
    double nextSample = plan.every();
    double nextKill = KILL_SECONDS / 3.0;
    double nextLife = Double.MAX_VALUE;
    double nextChange = CHANGE_SECONDS / 2.0;
    while (seconds() < plan.seconds()) {
      Child.pause(100);
      if (seconds() >= nextLife) {
        disturbances.revive();
        nextLife = Double.MAX_VALUE;
        nextKill = seconds() + KILL_SECONDS - DEAD_SECONDS;
      } else if (seconds() >= nextKill) {
        disturbances.kill();
        nextKill = Double.MAX_VALUE;
        nextLife = seconds() + DEAD_SECONDS;
      } else if (seconds() >= nextChange) {
        disturbances.change();
        nextChange = seconds() + CHANGE_SECONDS;
      } else if (seconds() >= nextSample) {
        boolean quiet = traffic.pause(QUIET_MILLIS);
        Child.pause(SETTLE_MILLIS);
        Sample sample = sample(quiet);
        traffic.resume();
        samples.add(sample.lean());
        if (sample.seconds() > plan.seconds() / 4) {
          growth.add(sample.histogram());
        }
        nextSample += plan.every();
        reports.write("samples.csv", csv());
        reports.say(brief(samples.get(samples.size() - 1)));
      }
      if (!weir.child().alive()) {
        throw new IOException("Weir has ended:\n" + weir.child().tail());
      }
    }
    disturbances.revive();
  }

  private Sample sample(boolean quiet) {
    return Sample.take(weir, admin, java, seconds(), quiet);
  }

  private List<String> csv() {
    List<String> lines = new ArrayList<>(List.of(Sample.HEADER));
    samples.forEach(sample -> lines.add(sample.csv()));
    return lines;
  }

  private static String brief(Sample sample) {
    return String.format(
        Locale.ROOT,
        "%6.0f s: heap %d KB, direct %d KB, %d descriptors, %d threads, %d connections, %d leases%s",
        sample.seconds(),
        sample.heap() / 1024,
        sample.direct() / 1024,
        sample.descriptors(),
        sample.threads(),
        sample.connections(),
        sample.leases(),
        sample.quiet() ? "" : " (not quiet)");
  }

  /** Waits until nothing is left, idle upstream connections included; the last look either way. */
  private Sample atRest(Sample before) {
    long until = System.nanoTime() + END_SECONDS * 1_000_000_000L;
    Sample last = sample(true);
    while (!SoakVerdict.empty(last, before) && System.nanoTime() < until) {
      Child.pause(2000);
      last = sample(true);
    }
    return last;
  }

  /** A leak is logged when, after its collection, the next buffers are allocated. */
  private void flushLeaks() {
    Ledger own = new Ledger(Integer.MAX_VALUE);
    Traffic some = new Traffic(weir.port(), 100, plan.seed(), own, own, complaints);
    Child.pause(3000);
    some.stop(QUIET_MILLIS);
    sample(true);
  }

  /** Where the first buffers that leaked were seen: a long log does not outlive the run. */
  private void keepLeaks(List<String> said) {
    for (int line = 0; line < said.size(); line++) {
      if (said.get(line).contains("LEAK")) {
        int end = Math.min(said.size(), line + LEAK_LINES);
        reports.write("leaks.txt", said.subList(line, end));
        return;
      }
    }
  }

  private void write(SoakVerdict verdict, Traffic traffic, double cpus, double seconds) {
    StringBuilder text = new StringBuilder("# soak: mixed traffic, kills and changes\n\n");
    text.append(
        String.format(
            Locale.ROOT,
            "%.0f minutes, %d clients a second (seed %d), %d kills of backend processes, %d changes"
                + " of the configuration. Weir, its backends and the clients took %.2f processors."
                + " Weir's JVM: `%s`.%n%n",
            seconds / 60,
            plan.rate(),
            plan.seed(),
            disturbances.kills(),
            disturbances.changes(),
            cpus,
            settings.jvmFlags()));
    text.append("| clients | begun |\n|---|---|\n");
    traffic.counts().forEach((act, n) -> text.append(SoakVerdict.row(act.text(), n)));
    text.append('\n').append(verdict.markdown()).append(growth.markdown());
    text.append("\n## Environment\n\n").append(new Environment(settings).markdown());
    reports.finish(text.toString());
  }
}
