package dev.weir.server.demo;

import dev.weir.core.backend.Backend;
import dev.weir.core.backend.DetectorState;
import dev.weir.core.backend.Health;
import dev.weir.core.config.AdminState;
import dev.weir.core.observe.LbObserver;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * What the demo needs around a balancer: backends in this process, a configuration in a folder that
 * is removed at the end, a client, and a backend that crashes and comes back on a schedule. Used by
 * the demo command.
 */
public final class Demo implements AutoCloseable {
  private static final DateTimeFormatter CLOCK = DateTimeFormatter.ofPattern("HH:mm:ss");
  private static final int PORTS_TRIED = 100;
  private static final long REQUEST_MILLIS = 50;
  private static final long SUMMARY_SECONDS = 5;
  private static final long CRASH_SECONDS = 8;
  private static final long DOWN_SECONDS = 6;
  private static final long CYCLE_SECONDS = 20;

  private final PrintWriter out;
  private final Folder folder;
  private final List<WebBackend> web = new ArrayList<>();
  private final List<EchoBackend> echo = new ArrayList<>();
  private final ScheduledExecutorService schedule =
      Executors.newScheduledThreadPool(2, Daemon::new);
  private final Set<Integer> taken = new HashSet<>();
  private final int http;
  private final int tcp;
  private final int admin;
  private final int metrics;

  /**
   * Starts the backends and writes the configuration.
   *
   * @throws IOException when no port is free or the temporary folder cannot be written
   */
  public Demo(PrintWriter out) throws IOException {
    this.out = out;
    folder = new Folder(Files.createTempDirectory("weir-demo-"));
    try {
      for (int i = 1; i <= 3; i++) {
        web.add(new WebBackend("web-" + i));
      }
      for (int i = 1; i <= 2; i++) {
        echo.add(new EchoBackend("echo-" + i));
      }
      http = port("HTTP", 8080);
      tcp = port("TCP", 9000);
      admin = port("admin", 9900);
      metrics = port("metrics", 9901);
      Files.writeString(config(), configuration());
    } catch (IOException failure) {
      close();
      throw failure;
    }
  }

  /** The configuration that the demo runs. */
  public Path config() {
    return folder.path().resolve("lb.yaml");
  }

  private int port(String what, int wanted) throws IOException {
    for (int port = wanted; port < wanted + PORTS_TRIED; port++) {
      if (!taken.contains(port) && free(port)) {
        taken.add(port);
        if (port != wanted) {
          out.printf("port %d is in use, the demo's %s port is %d%n", wanted, what, port);
        }
        return port;
      }
    }
    throw new IOException("no port of %d..%d is free".formatted(wanted, wanted + PORTS_TRIED - 1));
  }

  private static boolean free(int port) {
    try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
      return socket.isBound();
    } catch (IOException inUse) {
      return false;
    }
  }

  private String configuration() {
    StringBuilder webBackends = new StringBuilder();
    web.forEach(b -> webBackends.append(backend(b.name(), b.port())));
    StringBuilder echoBackends = new StringBuilder();
    echo.forEach(b -> echoBackends.append(backend(b.name(), b.port())));
    return """
        admin:
          bind: 127.0.0.1:%d
          state: '%s'
        metrics:
          bind: 127.0.0.1:%d
        accessLog: { to: 'file:%s' }
        process:
          shutdown: { preDelay: 0s, drain: 2s, hard: 3s }
        listeners:
          web: { bind: 127.0.0.1:%d, protocol: http, pool: web }
          echo: { bind: 127.0.0.1:%d, protocol: tcp, pool: echo }
        pools:
          web:
            health: { http: { path: /health }, interval: 1s, timeout: 500ms }
            backends:
        %s  echo:
            health: { tcp: {}, interval: 1s, timeout: 500ms }
            backends:
        %s"""
        .formatted(
            admin,
            yaml(folder.path().resolve("state")),
            metrics,
            yaml(folder.path().resolve("access.log")),
            http,
            tcp,
            webBackends,
            echoBackends);
  }

  private static String yaml(Path path) {
    return path.toString().replace("'", "''");
  }

  private static String backend(String name, int port) {
    return "      %s: { address: 127.0.0.1:%d }%n".formatted(name, port);
  }

  /** Prints what changes, as it happens. */
  public LbObserver events() {
    return new LbObserver() {
      @Override
      public void healthChanged(Backend backend, Health from, Health to, String reason) {
        event("probes: " + backend.id() + " is " + to + " (" + reason + ")");
      }

      @Override
      public void detectorChanged(
          Backend backend, DetectorState from, DetectorState to, String reason) {
        event("traffic: " + backend.id() + " is " + to + " (" + reason + ")");
      }

      @Override
      public void adminChanged(Backend backend, AdminState from, AdminState to) {
        event("operator: " + backend.id() + " is " + to);
      }
    };
  }

  private void event(String text) {
    out.println(LocalTime.now(ZoneId.systemDefault()).format(CLOCK) + "  " + text);
  }

  /** Says what to try, then begins to send requests and to let a backend crash and recover. */
  public void play() {
    instructions();
    DemoTraffic traffic = new DemoTraffic(URI.create("http://127.0.0.1:" + http + "/demo"));
    every(REQUEST_MILLIS, REQUEST_MILLIS, TimeUnit.MILLISECONDS, traffic::ask);
    every(SUMMARY_SECONDS, SUMMARY_SECONDS, TimeUnit.SECONDS, () -> event(traffic.summary()));
    WebBackend unlucky = web.get(web.size() - 1);
    every(
        CRASH_SECONDS,
        CYCLE_SECONDS,
        TimeUnit.SECONDS,
        () -> {
          event("demo: " + unlucky.name() + " crashes now");
          unlucky.crash();
        });
    every(
        CRASH_SECONDS + DOWN_SECONDS,
        CYCLE_SECONDS,
        TimeUnit.SECONDS,
        () -> {
          event("demo: " + unlucky.name() + " comes back");
          recover(unlucky);
        });
  }

  private void every(long first, long period, TimeUnit unit, Runnable task) {
    schedule.scheduleAtFixedRate(task, first, period, unit);
  }

  private static void recover(WebBackend backend) {
    try {
      backend.recover();
    } catch (IOException inUse) {
      throw new UncheckedIOException(inUse);
    }
  }

  private void instructions() {
    String lb = System.getProperty("weir.command", "lb");
    String ctl = "'" + lb + "' ctl -c " + config();
    out.printf(
        """

        Three web servers and two TCP servers are running in this process; web-3 crashes now and
        then. Every second 20 requests go to them through the balancer. Try, in another terminal:

          traffic    curl -i http://127.0.0.1:%1$d/hello
          TCP        bash -c 'exec 3<>/dev/tcp/127.0.0.1/%2$d; echo hello >&3; head -n 1 <&3'
          backends   %5$s backends
          drain      %5$s drain web/web-1
          and back   %5$s ready web/web-1
          by curl    curl -X PATCH http://127.0.0.1:%3$d/api/v1/pools/web/backends/web-2 \\
                       -H "Authorization: Bearer $(cat %6$s/state/admin.token)" \\
                       -H 'Content-Type: application/merge-patch+json' -d '{"weight": 10}'
          metrics    curl -s http://127.0.0.1:%4$d/metrics | grep ^weir_
          log        tail -n 3 %6$s/access.log
          ready?     curl -i http://127.0.0.1:%4$d/readyz

        The configuration is %6$s/lb.yaml. Ctrl-C ends the demo.

        """,
        http, tcp, admin, metrics, ctl, folder.path());
    out.flush();
  }

  @Override
  public void close() throws IOException {
    schedule.shutdownNow();
    web.forEach(WebBackend::close);
    for (EchoBackend backend : echo) {
      backend.close();
    }
    folder.close();
  }
}
