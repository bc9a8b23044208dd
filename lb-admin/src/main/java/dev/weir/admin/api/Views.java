package dev.weir.admin.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.weir.core.backend.Backend;
import dev.weir.core.backend.Outcome;
import dev.weir.core.config.AdminState;
import dev.weir.core.config.ListenerConfig;
import dev.weir.core.config.PoolConfig;
import dev.weir.core.net.OpenListener;
import dev.weir.core.pool.BackendStatus;
import dev.weir.core.pool.Pool;
import dev.weir.core.runtime.Plan;
import dev.weir.core.runtime.Snapshot;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import tools.jackson.databind.JsonNode;

/** What the admin API shows: records whose names are the names in the JSON. */
final class Views {
  private Views() {}

  /** {@code GET /pools}. */
  record PoolsView(long generation, List<PoolSummary> pools) {}

  /** A pool in a list. */
  record PoolSummary(String name, String algorithm, int backends, int eligible, int load) {}

  /**
   * {@code GET /pools/{pool}}.
   *
   * @param config the pool as the configuration has it; what a PUT takes
   */
  record PoolView(
      long generation,
      String name,
      String algorithm,
      int eligible,
      JsonNode config,
      List<BackendView> backends) {}

  /** {@code GET /pools/{pool}/backends}. */
  record BackendsView(long generation, String pool, List<BackendView> backends) {}

  /** A backend: what is configured, and {@code live} what is so now. */
  record BackendView(
      String pool,
      String name,
      String address,
      int weight,
      boolean backup,
      AdminState state,
      LiveView live) {}

  /**
   * The state of a backend.
   *
   * @param since when it came in or went out, ISO 8601
   * @param load attempts running
   * @param attempts attempts ended, by outcome; those never seen are left out
   * @param probes newest first
   */
  record LiveView(
      boolean eligible,
      String health,
      String detector,
      String reason,
      String since,
      int load,
      String resolved,
      Map<String, Long> attempts,
      List<ProbeView> probes) {}

  /** One answer of a probe. */
  record ProbeView(String time, boolean success, String reason, double milliseconds) {}

  /** {@code GET /listeners}. */
  record ListenersView(long generation, List<ListenerView> listeners) {}

  /**
   * A listener.
   *
   * @param listening whether its sockets are open; they may be closed while all is down
   */
  record ListenerView(
      String name,
      String protocol,
      String bind,
      String address,
      boolean listening,
      String pool,
      int routes,
      long openConnections) {}

  /** {@code GET /status}. */
  record StatusView(
      String version,
      long uptimeSeconds,
      long generation,
      boolean ready,
      int pools,
      int listeners) {}

  /** What a write answers. */
  @JsonInclude(JsonInclude.Include.NON_DEFAULT)
  record ChangeView(
      @JsonInclude long generation,
      boolean dryRun,
      @JsonInclude boolean changed,
      @JsonInclude PlanView plan) {}

  /** The difference. */
  record PlanView(List<String> added, List<String> changed, List<String> removed) {
    static PlanView of(Plan plan) {
      return new PlanView(plan.added(), plan.changed(), plan.removed());
    }

    static PlanView none() {
      return new PlanView(List.of(), List.of(), List.of());
    }
  }

  static PoolsView pools(Snapshot snapshot) {
    List<PoolSummary> pools =
        snapshot.pools().values().stream()
            .map(
                pool -> {
                  List<Backend> all = pool.backends();
                  int eligible = (int) all.stream().filter(Backend::eligible).count();
                  int load = all.stream().mapToInt(Backend::load).sum();
                  return new PoolSummary(
                      pool.name(), pool.config().balance().algorithm(), all.size(), eligible, load);
                })
            .toList();
    return new PoolsView(snapshot.generation(), pools);
  }

  static PoolView pool(Snapshot snapshot, Pool pool) {
    List<BackendView> backends = backends(pool);
    int eligible = (int) backends.stream().filter(backend -> backend.live().eligible()).count();
    PoolConfig config = pool.config();
    return new PoolView(
        snapshot.generation(),
        pool.name(),
        config.balance().algorithm(),
        eligible,
        snapshot.document().tree().path("pools").path(pool.name()),
        backends);
  }

  static List<BackendView> backends(Pool pool) {
    return backends(pool, backend -> true);
  }

  /** A backend of a pool; empty when there is none of this name. */
  static Optional<BackendView> backend(Pool pool, String name) {
    return backends(pool, backend -> backend.name().equals(name)).stream().findFirst();
  }

  private static List<BackendView> backends(Pool pool, Predicate<BackendStatus> wanted) {
    Map<String, Backend> byName = new LinkedHashMap<>();
    pool.backends().forEach(backend -> byName.put(backend.name(), backend));
    return pool.status().stream()
        .filter(wanted)
        .map(status -> backend(status, byName.get(status.name())))
        .toList();
  }

  private static BackendView backend(BackendStatus status, Backend backend) {
    LiveView live =
        new LiveView(
            status.eligible(),
            status.health().name(),
            status.detector().name(),
            status.reason(),
            iso(status.sinceEpochMillis()),
            status.load(),
            status.resolved(),
            attempts(backend),
            status.lastProbes().stream().map(Views::probe).toList());
    return new BackendView(
        status.pool(),
        status.name(),
        status.address().toString(),
        status.weight(),
        status.backup(),
        status.admin(),
        live);
  }

  private static Map<String, Long> attempts(Backend backend) {
    Map<String, Long> attempts = new LinkedHashMap<>();
    if (backend != null) {
      for (Outcome outcome : Outcome.values()) {
        long count = backend.counts().count(outcome);
        if (count > 0) {
          attempts.put(outcome.name().toLowerCase(Locale.ROOT), count);
        }
      }
    }
    return attempts;
  }

  private static ProbeView probe(BackendStatus.TimedProbe probe) {
    return new ProbeView(
        iso(probe.epochMillis()),
        probe.result().success(),
        probe.result().reason(),
        Math.round(probe.result().nanos() / 1e3) / 1e3);
  }

  private static String iso(long epochMillis) {
    return Instant.ofEpochMilli(epochMillis).toString();
  }

  static ListenerView listener(
      String name, ListenerConfig config, OpenListener listener, long open) {
    return new ListenerView(
        name,
        config.protocol(),
        config.bind().toString(),
        listener == null ? null : listener.where().toString(),
        listener != null && listener.isListening(),
        config.pool(),
        config.routes().size(),
        open);
  }
}
