package dev.weir.bench.drill;

import dev.weir.bench.Options;
import dev.weir.bench.UnfitException;
import dev.weir.bench.proc.Child;
import dev.weir.bench.run.Environment;
import dev.weir.bench.run.Lab;
import dev.weir.bench.run.Proxy;
import dev.weir.bench.run.Reports;
import dev.weir.bench.run.Settings;
import dev.weir.bench.stats.Quartiles;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicLong;
import tools.jackson.databind.JsonNode;

/**
 * The balancer is killed with {@code kill -9} again and again while four writers change it through
 * the API. After each restart every acknowledged change must be there; one without an answer may be
 * there or not. Between two kills at least one change is acknowledged.
 */
public final class CrashDrill {
  private static final int WRITERS = 4;
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final Settings settings;
  private final Reports reports;
  private final int kills;
  private final int maxDelay;
  private final SplittableRandom random;
  private final List<Expectation> expectations = new ArrayList<>();
  private final AtomicLong acknowledged = new AtomicLong();
  private final AtomicLong newest = new AtomicLong();
  private final List<Double> restarts = new ArrayList<>();
  private final List<String> wrong = new ArrayList<>();

  private CrashDrill(Settings settings, Reports reports, Options options) {
    this.settings = settings;
    this.reports = reports;
    kills = options.number("kills", 200, 1, 10_000);
    maxDelay = options.number("max-delay", 200, 1, 60_000);
    random = new SplittableRandom(options.number("seed", 1, 0, Integer.MAX_VALUE));
    for (int i = 0; i < WRITERS; i++) {
      expectations.add(new Expectation());
    }
  }

  /** Runs it; status 1 when an acknowledged change was lost or the balancer did not come back. */
  public static int run(Options options) {
    Settings settings = Settings.read(options, "weir");
    Reports reports = Reports.open(options, settings.root(), "crash", System.out);
    CrashDrill drill = new CrashDrill(settings, reports, options);
    options.done();
    try (Lab lab = new Lab(settings, reports.folder())) {
      drill.drill(lab);
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
    return drill.wrong.isEmpty() ? 0 : 1;
  }

  private void drill(Lab lab) throws IOException {
    Proxy weir = lab.proxy("weir", "crash", List.of(9));
    AdminClient admin = AdminClient.of(weir);
    int done = 0;
    try {
      while (done < kills && wrong.isEmpty()) {
        life(weir, admin);
        done++;
        long start = System.nanoTime();
        weir = lab.again(weir);
        admin = AdminClient.of(weir);
        restarts.add((System.nanoTime() - start) / 1e6);
        check(admin, done);
        if (done % 20 == 0) {
          reports.say(done + " kills, " + acknowledged.get() + " changes acknowledged");
        }
      }
    } catch (UnfitException dead) {
      wrong.add("after kill " + done + ": " + dead.getMessage());
    }
    write(done);
  }

  /**
   * Writers at work until one change or more is acknowledged and a random time is over; the end.
   */
  private void life(Proxy weir, AdminClient admin) {
    long before = acknowledged.get();
    List<CrashWriter> writers = new ArrayList<>();
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < WRITERS; i++) {
      CrashWriter writer =
          new CrashWriter(i, admin, expectations.get(i), acknowledged, newest, random.nextLong());
      Thread thread = new Thread(writer, "writer-" + i);
      thread.setDaemon(true);
      writers.add(writer);
      threads.add(thread);
    }
    threads.forEach(Thread::start);
    long until = System.nanoTime() + PATIENCE.toNanos();
    while (acknowledged.get() == before && System.nanoTime() < until) {
      Child.pause(1);
    }
    if (acknowledged.get() == before) {
      wrong.add("no change was acknowledged within " + PATIENCE.toSeconds() + " s");
    }
    Child.pause(random.nextInt(maxDelay));
    weir.child().killNow();
    weir.child().awaitEnd(PATIENCE);
    threads.forEach(CrashDrill::join);
    writers.stream()
        .filter(writer -> !writer.refusal().isEmpty())
        .forEach(writer -> wrong.add("a change was refused: " + writer.refusal()));
  }

  private static void join(Thread thread) {
    try {
      thread.join(PATIENCE.toMillis());
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
    if (thread.isAlive()) {
      throw new UnfitException("a writer does not end");
    }
  }

  private void check(AdminClient admin, int kill) throws IOException {
    AdminClient.Answer answer = admin.get("/pools/web/backends");
    if (!answer.done()) {
      wrong.add("after kill " + kill + ": " + answer.status() + " " + answer.body());
      return;
    }
    Map<String, String> found = new HashMap<>();
    for (JsonNode backend : answer.json().get("backends")) {
      found.put(backend.get("name").asString(), String.valueOf(backend.get("weight").asInt()));
    }
    for (Expectation expectation : expectations) {
      expectation.check(found).forEach(text -> wrong.add("after kill " + kill + ": " + text));
    }
    if (answer.generation() < newest.get()) {
      wrong.add(
          "after kill "
              + kill
              + ": generation "
              + answer.generation()
              + " runs, "
              + newest.get()
              + " was acknowledged");
    }
  }

  private void write(int done) {
    long open = expectations.stream().mapToLong(Expectation::unanswered).sum();
    StringBuilder text = new StringBuilder("# crash: kill -9 of the balancer during writes\n\n");
    text.append(
        String.format(
            "%d writers change backends through the API; the balancer is killed up to %d ms after"
                + " the first acknowledgement of each life.%n%n| counted | |%n|---|---|%n",
            WRITERS, maxDelay));
    text.append("| kills | ").append(done).append(" |\n");
    text.append("| changes acknowledged | ").append(acknowledged.get()).append(" |\n");
    text.append("| changes without an answer when the kill came | ").append(open).append(" |\n");
    text.append("| acknowledged changes missing or wrong | ").append(wrong.size()).append(" |\n");
    Quartiles ms = Quartiles.of(restarts.stream().mapToDouble(Double::doubleValue).toArray());
    text.append(String.format(Locale.ROOT, "| start to admin API, ms | %s |%n", ms.text(0)));
    wrong.forEach(sentence -> text.append("\nEXCEEDED: ").append(sentence).append('\n'));
    text.append("\n## Environment\n\n").append(new Environment(settings).markdown());
    reports.finish(text.toString());
  }
}
