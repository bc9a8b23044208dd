package dev.weir.bench.drill;

import dev.weir.bench.Options;
import dev.weir.bench.UnfitException;
import dev.weir.bench.proc.Child;
import dev.weir.bench.proc.Jdks;
import dev.weir.bench.proc.LiveHeap;
import dev.weir.bench.proc.Tools;
import dev.weir.bench.run.Environment;
import dev.weir.bench.run.Lab;
import dev.weir.bench.run.Proxy;
import dev.weir.bench.run.Reports;
import dev.weir.bench.run.Settings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * What an idle TCP session costs in memory (S8): so many sessions are opened, each passes one byte
 * both ways and is then silent. Of Weir the live heap after full collections and the direct memory
 * are compared with what they were before, of all targets the resident memory; what the kernel
 * keeps is in none of them. In the end each session must still pass a byte.
 */
public final class IdleDrill {
  private static final int WARM = 400;
  private static final int SCANS = 2000;
  private static final int SETTLE_MILLIS = 2000;
  private static final int LIMIT_MILLIS = 20_000;
  private static final double KILO = 1024;

  private final Settings settings;
  private final Reports reports;
  private final int sessions;
  private final double bound;
  private final List<String> rows = new ArrayList<>();
  private final List<String> exceeded = new ArrayList<>();

  /** What a proxy holds; heap and direct memory are of Weir only. */
  private record Held(long heap, long direct, long resident) {}

  private IdleDrill(Settings settings, Reports reports, Options options) {
    this.settings = settings;
    this.reports = reports;
    sessions = options.number("sessions", 4000, 100, 8000);
    bound = options.number("most", 6144, 1, 1_000_000) / KILO;
  }

  /** Runs it; status 1 when a session of Weir takes more than {@code --most} bytes, or broke. */
  public static int run(Options options) {
    Settings settings = Settings.read(options, "weir,haproxy,nginx");
    Reports reports = Reports.open(options, settings.root(), "idle", System.out);
    IdleDrill drill = new IdleDrill(settings, reports, options);
    options.done();
    if (Tools.find("gcc").isEmpty()) {
      throw new UnfitException("the backend needs gcc");
    }
    Tools.require(settings.targets().stream().filter(t -> !t.startsWith("weir")).toList());
    for (String target : settings.targets()) {
      drill.measure(target);
    }
    drill.write();
    return drill.exceeded.isEmpty() ? 0 : 1;
  }

  private void measure(String target) {
    try (Lab lab = new Lab(settings, reports.folder().resolve(target))) {
      Proxy proxy = lab.proxy(target, "tcp", List.of(lab.echoBackend()));
      closeAll(open(proxy, WARM));
      Child.pause(SETTLE_MILLIS);
      Held before = held(proxy);
      List<SocketChannel> open = open(proxy, sessions);
      Child.pause(SETTLE_MILLIS);
      Held with = held(proxy);
      scan(proxy);
      for (SocketChannel session : open) {
        say(session);
      }
      closeAll(open);
      Child.pause(SETTLE_MILLIS);
      row(target, before, with, held(proxy));
    } catch (IOException failure) {
      throw new UncheckedIOException(target + " broke a session", failure);
    }
  }

  private static List<SocketChannel> open(Proxy proxy, int count) throws IOException {
    List<SocketChannel> open = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      SocketChannel session = SocketChannel.open();
      session.socket().connect(new InetSocketAddress("127.0.0.1", proxy.port()), LIMIT_MILLIS);
      open.add(session);
      say(session);
    }
    return open;
  }

  private static void say(SocketChannel session) throws IOException {
    ByteBuffer one = ByteBuffer.allocate(1);
    session.write(one);
    one.clear();
    if (session.read(one) != 1) {
      throw new IOException("the session has ended");
    }
  }

  /** Clients that are gone as soon as they have come: by a reset, or in order. */
  private static void scan(Proxy proxy) throws IOException {
    for (int i = 0; i < SCANS; i++) {
      try (SocketChannel scan = SocketChannel.open()) {
        scan.socket().connect(new InetSocketAddress("127.0.0.1", proxy.port()), LIMIT_MILLIS);
        scan.socket().setSoLinger(i % 2 == 0, 0);
      }
    }
  }

  private static void closeAll(List<SocketChannel> open) throws IOException {
    for (SocketChannel session : open) {
      session.close();
    }
  }

  private Held held(Proxy proxy) throws IOException {
    long resident = 0;
    for (long pid : proxy.child().pids()) {
      resident += resident(pid);
    }
    if (proxy.metrics() == 0) {
      return new Held(0, 0, resident);
    }
    Path java = Jdks.java(settings.jdks().get(0));
    String histogram = LiveHeap.histogram(java, proxy.child().pid());
    long direct = AdminClient.sum(AdminClient.of(proxy).metrics(), "weir_buffers_direct_bytes", "");
    return new Held(LiveHeap.bytes(histogram), direct, resident);
  }

  private static long resident(long pid) throws IOException {
    return Files.readString(Path.of("/proc", String.valueOf(pid), "status"))
        .lines()
        .filter(line -> line.startsWith("VmRSS:"))
        .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) * 1024)
        .sum();
  }

  private void row(String target, Held before, Held with, Held after) {
    boolean weir = target.startsWith("weir");
    double heap = each(before.heap(), with.heap());
    double direct = each(before.direct(), with.direct());
    String own =
        weir
            ? String.format(
                Locale.ROOT,
                "%.2f | %.2f | %.2f",
                heap,
                direct,
                (after.heap() + after.direct() - before.heap() - before.direct()) / KILO)
            : "| |";
    String line =
        String.format(
            Locale.ROOT,
            "| %s | %s | %.2f |",
            target,
            own,
            each(before.resident(), with.resident()));
    rows.add(line);
    reports.say(line);
    if (weir && heap + direct > bound) {
      exceeded.add(
          String.format(
              Locale.ROOT, "a session takes %.2f KB, more than %.2f", heap + direct, bound));
    }
  }

  private double each(long before, long with) {
    return (with - before) / KILO / sessions;
  }

  private void write() {
    StringBuilder text = new StringBuilder("# idle: what an idle TCP session takes\n\n");
    text.append(
        String.format(
            "%d sessions, two connections each, that have passed one byte both ways, and pass another"
                + " after %d connections that were gone at once. KB of each session; \"left\": KB of heap and direct memory in all"
                + " that there is more after them than before.%n%n",
            sessions, SCANS));
    text.append("| target | live heap | direct memory | left | resident memory |\n");
    text.append("|---|---|---|---|---|\n");
    rows.forEach(row -> text.append(row).append('\n'));
    exceeded.forEach(sentence -> text.append("\nEXCEEDED: ").append(sentence).append('\n'));
    text.append("\n## Environment\n\n").append(new Environment(settings).markdown());
    reports.finish(text.toString());
  }
}
