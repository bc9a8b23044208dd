package dev.weir.bench.run;

import dev.weir.bench.Options;
import dev.weir.bench.UnfitException;
import dev.weir.bench.proc.Child;
import dev.weir.bench.proc.CpuSample;
import dev.weir.bench.proc.MachineLoad;
import dev.weir.bench.proc.Meter;
import dev.weir.bench.proc.Tools;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * One scenario, top to bottom: start the backend and all proxies side by side, warm each up, take
 * interleaved rounds A B C, A B C, ..., write the report. At most ten minutes.
 */
public final class ScenarioRun {
  private static final long LIMIT_NANOS = 600_000_000_000L;
  private static final double BUSY = 2;

  private final Scenario scenario;
  private final Settings settings;
  private final Reports reports;
  private final int rounds;
  private final int seconds;
  private final int warmup;
  private final int connections;
  private final boolean nginxBackend;
  private final long startNanos = System.nanoTime();
  private final List<Round> taken = new ArrayList<>();
  private Lab lab;

  private ScenarioRun(Scenario scenario, Settings settings, Reports reports, Options options) {
    this.scenario = scenario;
    this.settings = settings;
    this.reports = reports;
    rounds = options.number("rounds", 9, 1, 99);
    seconds = options.number("seconds", 2, 1, 30);
    warmup = options.number("warmup", scenario.warmupSeconds(), 0, 300);
    connections = options.number("connections", scenario.connections(), 1, 1000);
    String backend = options.text("backend", Tools.find("gcc").isPresent() ? "c" : "nginx");
    if (!List.of("c", "nginx").contains(backend)) {
      throw new UnfitException("--backend is c or nginx, not " + backend);
    }
    nginxBackend = backend.equals("nginx");
  }

  /**
   * Runs scenarios one after another.
   *
   * @param names comma-separated; {@code http} and {@code tcp} stand for all of their kind
   * @return the exit status
   */
  public static int run(String names, Options options) {
    List<Scenario> scenarios = Scenario.list(names);
    Settings first = Settings.read(options, defaults(scenarios.get(0)));
    Reports reports = Reports.open(options, first.root(), names.replace(',', '+'), System.out);
    if (scenarios.size() == 1) {
      return one(scenarios.get(0), reports, options);
    }
    int status = 0;
    StringBuilder summary = new StringBuilder("# " + names + "\n\n");
    for (Scenario scenario : scenarios) {
      Reports own = reports.inner(scenario.id());
      status = Math.max(status, one(scenario, own, options));
      summary.append("## ").append(own.read("table.md")).append('\n');
    }
    reports.finish(summary.toString());
    return status;
  }

  private static int one(Scenario scenario, Reports reports, Options options) {
    Settings settings = Settings.read(options, defaults(scenario));
    ScenarioRun run = new ScenarioRun(scenario, settings, reports, options);
    options.done();
    return run.measure();
  }

  private static String defaults(Scenario scenario) {
    return scenario.family().http()
        ? "weir,haproxy,haproxy-64k,nginx"
        : "weir,haproxy,haproxy-splice,nginx";
  }

  private int measure() {
    check();
    Environment environment = new Environment(settings);
    try (Lab opened = new Lab(settings, reports.folder())) {
      lab = opened;
      int port = startBackend();
      List<Proxy> proxies = new ArrayList<>();
      if (scenario.latency()) {
        proxies.add(Proxy.direct(port));
      }
      for (String target : settings.targets()) {
        proxies.add(lab.proxy(target, scenario.family().http() ? "http" : "tcp", List.of(port)));
      }
      proxies.stream()
          .filter(Proxy::jvm)
          .forEach(p -> environment.put(p.name(), p.child().commandLine()));
      proxies.forEach(this::warm);
      int complete = takeRounds(proxies);
      write(environment, complete);
      return proxies.stream().allMatch(this::measured) ? 0 : 1;
    }
  }

  private void check() {
    List<String> programs = new ArrayList<>(Lab.programs(settings.targets()));
    if (!settings.proxyCpu().isEmpty()) {
      programs.add("taskset");
    }
    programs.add(nginxBackend ? "nginx" : "gcc");
    if (scenario.family().http()) {
      programs.add("wrk");
    }
    Tools.require(programs);
    if (!settings.allowBusy()) {
      refuseBusyMachine();
    }
  }

  /** A load average above 2 may be left from a run of ours: then nobody else is working now. */
  private static void refuseBusyMachine() {
    double load = MachineLoad.now().loadAverage();
    if (load <= BUSY) {
      return;
    }
    Meter meter = new Meter(List.of());
    Child.pause(2000);
    double others = meter.read().others();
    if (others > Round.NOISE) {
      throw new UnfitException(
          String.format(
              Locale.ROOT,
              "the load average is %.2f, above %.0f, and other work keeps %.2f CPUs busy: wait, or"
                  + " take --allow-busy and do not quote the result",
              load,
              BUSY,
              others));
    }
  }

  private int startBackend() {
    if (nginxBackend) {
      if (!scenario.family().http()) {
        throw new UnfitException("TCP scenarios need the C backend, which needs gcc");
      }
      int port = lab.ports().take();
      Path template = settings.folder().resolve("peers/nginx-backend.conf");
      lab.nginxBackend(template, Map.of(), port);
      return port;
    }
    return lab.responder().get(scenario.family());
  }

  private Scenario.Load load(Proxy proxy, int forSeconds) {
    return new Scenario.Load(
        lab.tools(), proxy.port(), connections, forSeconds, Environment.congestion());
  }

  /** Loads a proxy until its process has used enough CPU: a JVM many seconds, a peer one. */
  private void warm(Proxy proxy) {
    double wanted = proxy.jvm() ? warmup : Math.min(warmup, 1);
    if (proxy.child() == null || wanted == 0) {
      return;
    }
    CpuSample before = proxy.child().cpu();
    double used = 0;
    int silent = 0;
    while (used < wanted && silent < 3 && left() > 0) {
      LoadResult result =
          LoadResult.run(scenario.warmup(load(proxy, seconds)), settings.loadCpu(), seconds);
      used = proxy.child().cpu().since(before).nanos() / 1e9;
      silent = result.units() == 0 ? silent + 1 : 0;
    }
    reports.say(
        String.format(Locale.ROOT, "%s warmed up with %.1f CPU-seconds", proxy.name(), used));
  }

  private long left() {
    return LIMIT_NANOS - (System.nanoTime() - startNanos);
  }

  private int takeRounds(List<Proxy> proxies) {
    long oneNanos = 1_000_000_000L * proxies.size() * (seconds + 1);
    for (int number = 1; number <= rounds; number++) {
      if (left() < oneNanos) {
        reports.say("ten minutes are over: stopped after " + (number - 1) + " rounds");
        return number - 1;
      }
      for (Proxy proxy : proxies) {
        Round round = take(number, proxy);
        taken.add(round);
        say(round);
      }
    }
    return rounds;
  }

  private Round take(int number, Proxy proxy) {
    Child child = proxy.child();
    Meter meter = new Meter(lab.children());
    CpuSample before = child == null ? null : child.cpu();
    LoadResult result =
        LoadResult.run(scenario.load(load(proxy, seconds)), settings.loadCpu(), seconds);
    CpuSample.Use use = child == null ? null : child.cpu().since(before);
    Meter.Reading reading = meter.read();
    return new Round(
        number,
        proxy.name(),
        use,
        result,
        reading.seconds(),
        reading.others(),
        reading.steal(),
        reading.loadAverage());
  }

  private void say(Round round) {
    reports.say(
        String.format(
            Locale.ROOT,
            "round %d %-15s %10.3f %s  others %.2f%s%s",
            round.number(),
            round.target(),
            round.cost() / scenario.unit().nanos,
            scenario.unit().text,
            round.others(),
            round.noisy() ? " NOISY" : "",
            round.valid() ? "" : " DISCARDED: " + round.discarded()));
  }

  private boolean measured(Proxy proxy) {
    return taken.stream().anyMatch(round -> round.target().equals(proxy.name()) && round.valid());
  }

  private void write(Environment environment, int complete) {
    environment.put("backend", nginxBackend ? "nginx" : "benchmarks/load/responder.c");
    environment.put("wrk", Tools.output(List.of("sh", "-c", "wrk -v 2>&1 | head -n 1")));
    List<String> lines = new ArrayList<>(List.of(String.join(",", Round.COLUMNS)));
    taken.forEach(round -> lines.add(round.csv()));
    reports.write("rounds.csv", lines);
    String how =
        String.format(
            "%d interleaved rounds of %d s, %d connections, one thread, worker or event loop each; CPU"
                + " of the proxy's process; ratios are medians of per-round pairs with their quartiles."
                + " JVMs were warmed up by %d CPU-seconds. Raw rounds in `rounds.csv`, configurations"
                + " beside it.",
            complete, seconds, connections, warmup);
    ScenarioReport report = new ScenarioReport(scenario, taken);
    reports.write("table.md", List.of(report.tables()));
    reports.finish(report.markdown(environment, how));
  }
}
