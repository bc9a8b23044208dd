package dev.weir.admin.metrics;

import dev.weir.core.backend.Backend;
import dev.weir.core.backend.DetectorState;
import dev.weir.core.backend.Health;
import dev.weir.core.backend.Outcome;
import dev.weir.core.config.AdminState;
import dev.weir.core.net.OpenListener;
import dev.weir.core.pool.Pool;
import dev.weir.core.runtime.Snapshot;
import io.prometheus.metrics.model.registry.MultiCollector;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Supplier;

/**
 * The series of listeners, pools and backends, read from the running snapshot at each scrape: what
 * is in the configuration is there, what has left it is gone, and nothing is registered for it in
 * between. At most {@link #MAX_BACKENDS} backends are shown.
 */
final class TrafficCollector implements MultiCollector {
  static final int MAX_BACKENDS = 10_000;

  private static final String HTTP = "http";
  private static final String UDP = "udp";
  private static final List<Outcome> OUTCOMES = List.of(Outcome.values());
  private static final List<String> OUTCOME_NAMES = names(OUTCOMES);
  private static final List<Health> HEALTHS = List.of(Health.values());
  private static final List<String> HEALTH_NAMES = names(HEALTHS);
  private static final List<AdminState> ADMINS = List.of(AdminState.values());
  private static final List<String> ADMIN_NAMES = names(ADMINS);
  private static final List<DetectorState> DETECTORS = List.of(DetectorState.values());
  private static final List<String> DETECTOR_NAMES = names(DETECTORS);

  private final TrafficMetrics traffic;
  private final Supplier<Snapshot> running;

  TrafficCollector(TrafficMetrics traffic, Supplier<Snapshot> running) {
    this.traffic = traffic;
    this.running = running;
  }

  private static List<String> names(List<? extends Enum<?>> values) {
    return values.stream().map(value -> value.name().toLowerCase(Locale.ROOT)).toList();
  }

  @Override
  public MetricSnapshots collect() {
    Families families = new Families();
    Snapshot snapshot = running.get();
    if (snapshot != null) {
      traffic.retain(snapshot);
      Set<String> http = new HashSet<>();
      snapshot
          .config()
          .listeners()
          .forEach(
              (name, config) -> {
                listener(families, name, HTTP.equals(config.protocol()));
                if (config.proxyProtocol() != null) {
                  proxyHeaders(families, name);
                }
                if (UDP.equals(config.protocol())) {
                  datagrams(families, name, traffic.listenerCells(name));
                }
                listening(families, snapshot.listeners().get(name));
                if (HTTP.equals(config.protocol())) {
                  http.add(config.pool());
                  config.routes().forEach(route -> http.addAll(route.leadsTo()));
                }
              });
      int left = MAX_BACKENDS;
      int all = 0;
      for (Pool pool : snapshot.pools().values()) {
        List<Backend> backends = pool.backends();
        pool(families, pool.name(), backends, http.contains(pool.name()));
        List<Backend> shown = backends.subList(0, Math.min(left, backends.size()));
        shown.forEach(backend -> backend(families, backend));
        left -= shown.size();
        all += backends.size();
      }
      families.gauge(
          "weir_metrics_backends_left_out",
          "Backends without series, because there are too many.",
          all - (MAX_BACKENDS - left));
    }
    return families.snapshots();
  }

  private static void listening(Families families, OpenListener listener) {
    families.gauge(
        "weir_listener_listening",
        "1 while its sockets are open.",
        listener.isListening() ? 1 : 0,
        "listener",
        listener.name());
  }

  private void listener(Families families, String name, boolean http) {
    ListenerCells cells = traffic.listenerCells(name);
    families.gauge(
        "weir_listener_connections",
        "Client connections open.",
        (double) cells.open(),
        "listener",
        name);
    families.counter(
        "weir_listener_connections_opened",
        "Client connections accepted.",
        cells.openedTotal(),
        "listener",
        name);
    for (int i = 0; i < ListenerCells.REFUSALS.length; i++) {
      families.counter(
          "weir_listener_connections_refused",
          "Client connections refused by a limit of the listener.",
          cells.refusedTotal(i),
          "listener",
          name,
          "cause",
          ListenerCells.REFUSALS[i].code());
    }
    if (http) {
      families.counter(
          "weir_requests_avoidable",
          "Requests that failed although another attempt was allowed and somebody was there.",
          cells.avoidable(),
          "listener",
          name);
      requests(families, name, cells);
    } else {
      sessions(families, name, cells);
    }
    families.counter(
        "weir_received_bytes",
        "Bytes from clients in ended requests and sessions.",
        cells.bytesIn(),
        "listener",
        name);
    families.counter(
        "weir_sent_bytes",
        "Bytes to clients in ended requests and sessions.",
        cells.bytesOut(),
        "listener",
        name);
    causes(families, name, cells);
  }

  private void proxyHeaders(Families families, String name) {
    ListenerCells cells = traffic.listenerCells(name);
    for (int i = 0; i < ListenerCells.HEADERS.length; i++) {
      families.counter(
          "weir_listener_proxy_headers",
          "Client connections served by what their PROXY header says.",
          cells.toldTotal(i),
          "listener",
          name,
          "names",
          ListenerCells.HEADERS[i].code());
    }
  }

  private static void datagrams(Families families, String name, ListenerCells cells) {
    families.counter(
        "weir_received_datagrams",
        "Datagrams from clients in ended sessions.",
        cells.datagramsIn(),
        "listener",
        name);
    families.counter(
        "weir_sent_datagrams",
        "Datagrams to clients in ended sessions.",
        cells.datagramsOut(),
        "listener",
        name);
    for (int i = 0; i < ListenerCells.DROPS.length; i++) {
      families.counter(
          "weir_datagrams_dropped",
          "Datagrams that were not passed on.",
          cells.droppedTotal(i),
          "listener",
          name,
          "reason",
          ListenerCells.DROPS[i].code());
    }
  }

  private static void requests(Families families, String name, ListenerCells cells) {
    for (int i = 0; i < ListenerCells.CLASSES.length; i++) {
      families.counter(
          "weir_requests",
          "HTTP requests answered, by status class; none: no answer was sent.",
          cells.requests(i),
          "listener",
          name,
          "status",
          ListenerCells.CLASSES[i]);
    }
  }

  private static void sessions(Families families, String name, ListenerCells cells) {
    for (int i = 0; i < ListenerCells.ENDERS.length; i++) {
      families.counter(
          "weir_sessions",
          "TCP and UDP sessions ended, by what ended them first.",
          cells.sessions(i),
          "listener",
          name,
          "by",
          ListenerCells.ENDERS[i].code());
    }
  }

  private static void causes(Families families, String name, ListenerCells cells) {
    for (int i = 0; i < ListenerCells.CAUSES.length; i++) {
      String cause = ListenerCells.CAUSES[i].code();
      families.counter(
          "weir_ends",
          "Requests and sessions ended, by cause.",
          cells.ends(i),
          "listener",
          name,
          "cause",
          cause,
          "phase",
          ListenerCells.CAUSES[i].phase().code(),
          "side",
          ListenerCells.CAUSES[i].side().code());
      families.counter(
          "weir_listener_connections_closed",
          "Client connections closed, by cause.",
          cells.closedTotal(i),
          "listener",
          name,
          "cause",
          cause);
    }
  }

  private void pool(Families families, String name, List<Backend> backends, boolean http) {
    PoolCells cells = traffic.poolCells(name);
    double eligible = (double) backends.stream().filter(Backend::eligible).count();
    families.gauge("weir_pool_backends", "Backends configured.", backends.size(), "pool", name);
    families.gauge(
        "weir_pool_backends_eligible", "Backends that take new work.", eligible, "pool", name);
    families.counter(
        "weir_pool_retries", "Attempts beyond the first.", cells.retries(), "pool", name);
    histogram(
        families,
        "weir_connect_duration_seconds",
        "Time that it took to connect to a backend.",
        cells,
        PoolCells.CONNECT,
        name);
    if (http) {
      histogram(
          families,
          "weir_request_duration_seconds",
          "Time from the first byte of a request to the end of its answer.",
          cells,
          PoolCells.TOTAL,
          name);
    }
  }

  private static void histogram(
      Families families, String family, String help, PoolCells cells, int which, String pool) {
    families.histogram(
        family, help, PoolCells.BOUNDS, cells.counts(which), cells.seconds(which), "pool", pool);
  }

  private static void backend(Families families, Backend backend) {
    String pool = backend.pool();
    String name = backend.name();
    for (int i = 0; i < OUTCOMES.size(); i++) {
      families.counter(
          "weir_backend_attempts",
          "Attempts ended, by outcome.",
          backend.counts().count(OUTCOMES.get(i)),
          "pool",
          pool,
          "backend",
          name,
          "outcome",
          OUTCOME_NAMES.get(i));
    }
    families.gauge(
        "weir_backend_in_flight",
        "Attempts running.",
        backend.load(),
        "pool",
        pool,
        "backend",
        name);
    families.gauge(
        "weir_backend_eligible",
        "1 when new work may go here.",
        backend.eligible() ? 1 : 0,
        "pool",
        pool,
        "backend",
        name);
    String help = "1 for the state it is in.";
    states(families, "weir_backend_health", help, backend, HEALTH_NAMES, HEALTHS, backend.health());
    states(families, "weir_backend_admin", help, backend, ADMIN_NAMES, ADMINS, backend.admin());
    states(
        families,
        "weir_backend_detector",
        help,
        backend,
        DETECTOR_NAMES,
        DETECTORS,
        backend.detector());
  }

  private static <E extends Enum<E>> void states(
      Families families,
      String family,
      String help,
      Backend backend,
      List<String> names,
      List<E> values,
      E current) {
    for (int i = 0; i < values.size(); i++) {
      families.gauge(
          family,
          help,
          values.get(i) == current ? 1 : 0,
          "pool",
          backend.pool(),
          "backend",
          backend.name(),
          "state",
          names.get(i));
    }
  }
}
