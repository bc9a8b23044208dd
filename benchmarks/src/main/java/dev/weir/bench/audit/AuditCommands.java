package dev.weir.bench.audit;

import dev.weir.bench.Options;
import dev.weir.bench.UnfitException;
import dev.weir.bench.UsageException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SplittableRandom;

/** The audit client and its backend as commands of their own, for use against anything. */
public final class AuditCommands {
  private AuditCommands() {}

  /** {@code audit --port N [--logs FILE,FILE]}: one run, a table, status 1 beyond a bound. */
  public static int client(Options options) {
    int port = options.number("port", 0, 0, 65_535);
    if (port == 0) {
      throw new UsageException("--port is missing: where the proxy listens on 127.0.0.1");
    }
    AuditPlan plan = AuditPlan.read(options, port, 0, 10, 20);
    AuditBounds bounds = AuditBounds.read(options);
    List<Path> logs = options.list("logs", "").stream().map(Path::of).toList();
    options.done();
    for (Path log : logs) {
      if (!Files.isReadable(log)) {
        throw new UsageException("cannot read the log " + log);
      }
    }
    AuditReport report = new AuditClient(plan, new SplittableRandom().nextInt(1, 1 << 30)).run();
    System.out.print(report.table());
    Arrivals arrivals = new Arrivals(0, 0, 0, 0);
    if (!logs.isEmpty()) {
      try {
        arrivals = Arrivals.check(report, logs);
      } catch (IOException failure) {
        throw new UnfitException("cannot read the logs: " + failure.getMessage());
      }
      System.out.print(arrivals.rows());
    }
    List<String> exceeded = bounds.exceeded(report, arrivals);
    exceeded.forEach(sentence -> System.out.println("EXCEEDED: " + sentence));
    return exceeded.isEmpty() ? 0 : 1;
  }

  /** {@code audit-backend --name N --port N --log FILE [--delay MS]}: serves until it is ended. */
  public static int backend(Options options) {
    String name = options.text("name", "backend");
    int port = options.number("port", 0, 0, 65_535);
    int delay = options.number("delay", 0, 0, 60_000);
    Path log = Path.of(options.text("log", name + ".arrivals"));
    options.done();
    try (AuditBackend backend = new AuditBackend(name, port, log, delay)) {
      System.out.println(name + " listens on 127.0.0.1:" + backend.port());
      backend.serve();
      return 0;
    } catch (IOException failure) {
      throw new UnfitException("backend " + name + ": " + failure.getMessage());
    }
  }
}
