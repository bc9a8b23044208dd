package dev.weir.http;

import dev.weir.core.config.MatchConfig;
import dev.weir.core.config.PoolConfig;
import dev.weir.core.config.RouteConfig;
import dev.weir.core.pool.Pool;
import java.time.Duration;
import java.util.Map;

/**
 * One route of a listener, ready for requests: its condition beside the host, and what is done with
 * requests that meet it. Immutable.
 */
final class Route {
  /** Its place among the routes of the listener. */
  final int order;

  /** Null when it has none. */
  final String name;

  /** Leads to one pool and does nothing else; null when {@link #actions} decide. */
  final Pool pool;

  /** Null for a plain route. */
  final Actions actions;

  /** Whether access depends on it, so that it must not be mistaken for another. */
  final boolean guarded;

  private final Path path;
  private final Path decodedPath;
  private final Condition condition;
  private final RouteConfig.Timeouts timeouts;
  private final long requestNanos;
  private final int retries;
  private final long bodyLimit;

  /**
   * As configured and checked.
   *
   * @param pools every pool by name
   */
  Route(int order, RouteConfig config, Map<String, Pool> pools) {
    this.order = order;
    name = config.name();
    MatchConfig match = config.match();
    path = match == null ? null : Path.of(match.path());
    decodedPath = path == null ? null : path.decoded();
    condition = match == null ? null : Condition.beyondHostAndPath(match);
    actions = Actions.needed(config) ? new Actions(config, path, pools) : null;
    pool = actions == null ? pools.get(config.pool()) : null;
    guarded = guarded(config);
    timeouts =
        config.timeouts() == null ? new RouteConfig.Timeouts(null, null, null) : config.timeouts();
    requestNanos = nanos(timeouts.request(), Duration.ZERO);
    retries = config.retries() == null ? -1 : config.retries();
    bodyLimit = config.bodyBytes() == null ? -1 : config.bodyBytes();
  }

  /** Lists of networks, marked conditions, and answers that refuse. */
  static boolean guarded(RouteConfig config) {
    return !config.allow().isEmpty()
        || !config.deny().isEmpty()
        || (config.respond() != null && config.respond().status() >= 400)
        || (config.match() != null && marked(config.match()));
  }

  private static boolean marked(MatchConfig match) {
    return match.access()
        || match.all().stream().anyMatch(Route::marked)
        || match.any().stream().anyMatch(Route::marked)
        || (match.not() != null && marked(match.not()));
  }

  /** Whether it leads to its pool and keeps nothing for a request. */
  boolean plain() {
    return actions == null && requestNanos == 0;
  }

  /** Whether a request whose host leads here meets the rest. */
  boolean matches(Head head, Client client, byte[] bytes, int from, int to) {
    return (path == null || (head.decodedView ? decodedPath : path).matches(bytes, from, to))
        && (condition == null || condition.test(head, client));
  }

  /** Bytes of a request body; 0: no limit. */
  long bodyLimit(long ofListener) {
    return bodyLimit < 0 ? ofListener : bodyLimit;
  }

  /** Attempts beyond the first. */
  int retries(PoolConfig pool) {
    return retries < 0 ? pool.retries() : retries;
  }

  /** From the end of the request to the response head, in nanoseconds. */
  long responseNanos(PoolConfig pool) {
    return nanos(timeouts.response(), pool.timeouts().response());
  }

  /** Without progress of the response body, in nanoseconds. */
  long stallNanos(PoolConfig pool) {
    return nanos(timeouts.stall(), pool.timeouts().stall());
  }

  /** Of the whole exchange, in nanoseconds; 0: no limit. */
  long requestNanos() {
    return requestNanos;
  }

  private static long nanos(Duration own, Duration otherwise) {
    return (own == null ? otherwise : own).toNanos();
  }
}
