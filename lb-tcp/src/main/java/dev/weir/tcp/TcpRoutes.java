package dev.weir.tcp;

import dev.weir.core.config.ListenerConfig;
import dev.weir.core.config.MatchConfig;
import dev.weir.core.config.RouteConfig;
import dev.weir.core.pool.Pool;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/**
 * The routes of one tcp listener; immutable. The first that takes a connection wins; the pool of
 * the listener is the last. Routes are found by the name that the client asks for, so that a
 * connection looks only at those that its name allows, however many there are: each name and suffix
 * has its own routes and leads on to the next wider suffix, and then to the routes for every name.
 */
final class TcpRoutes {
  /**
   * How a client's TLS hello is waited for.
   *
   * @param bytes in which a whole one must be found
   * @param nanos until it must be there
   */
  record HelloLimits(int bytes, long nanos) {}

  /** Routes for one name or suffix, and where to look besides; null for nowhere. */
  private record Node(List<TcpRoute> routes, Node wider) {
    /** The first that takes it, of those that stand before a place. */
    TcpRoute first(Arrival arrival, int before) {
      for (int i = 0; i < routes.size(); i++) {
        TcpRoute route = routes.get(i);
        if (route.order() > before) {
          return null;
        }
        if (route.takes(arrival)) {
          return route;
        }
      }
      return null;
    }
  }

  private static final String EVERY_NAME = "";

  private final Map<String, Node> nodes = new HashMap<>();
  private final Node every;
  private final HelloLimits hello;

  /** As configured and checked; {@code pools} by their names. */
  TcpRoutes(ListenerConfig config, Function<String, Pool> pools) {
    List<RouteConfig> routes = routes(config);
    Map<String, List<TcpRoute>> byKey = new HashMap<>();
    boolean needsHello = false;
    for (int i = 0; i < routes.size(); i++) {
      RouteConfig each = routes.get(i);
      MatchConfig match = each.match();
      needsHello |= Conditions.needHello(match);
      TcpRoute route =
          new TcpRoute(i, each.name(), Conditions.beyondName(match), pools.apply(each.pool()));
      for (String key : keys(match)) {
        byKey.computeIfAbsent(key, unknown -> new ArrayList<>()).add(route);
      }
    }
    every = new Node(byKey.getOrDefault(EVERY_NAME, List.of()), null);
    byKey.remove(EVERY_NAME);
    // Suffixes first, the wider before those in them.
    byKey.keySet().stream()
        .sorted(
            Comparator.comparing((String key) -> !key.startsWith("."))
                .thenComparing(String::length))
        .forEach(key -> nodes.put(key, new Node(byKey.get(key), wider(key))));
    ListenerConfig.Timeouts timeouts = config.timeouts();
    hello =
        needsHello
            ? new HelloLimits(config.limits().helloBytes(), timeouts.hello().toNanos())
            : null;
  }

  /** The routes, and the pool for all that they leave. */
  static List<RouteConfig> routes(ListenerConfig config) {
    List<RouteConfig> routes = new ArrayList<>(config.routes());
    if (config.pool() != null) {
      routes.add(RouteConfig.of(null, config.pool()));
    }
    return routes;
  }

  /** Where a match stands: its names, as {@link ServerNames#key}; one empty text for all names. */
  static Set<String> keys(MatchConfig match) {
    if (match == null || match.sni().isEmpty()) {
      return Set.of(EVERY_NAME);
    }
    Set<String> keys = new LinkedHashSet<>();
    match.sni().forEach(name -> keys.add(ServerNames.key(name)));
    return keys;
  }

  private Node wider(String key) {
    String suffix = ServerNames.wider(key);
    return suffix == null ? every : find(suffix);
  }

  private Node find(String key) {
    for (String each = key; each != null; each = ServerNames.wider(each)) {
      Node found = nodes.get(each);
      if (found != null) {
        return found;
      }
    }
    return every;
  }

  /** How the hello of each connection is waited for; null when no route asks for it. */
  HelloLimits hello() {
    return hello;
  }

  /** The route of a connection; null when none takes it. */
  TcpRoute take(Arrival arrival) {
    String name = nodes.isEmpty() ? null : arrival.hello().serverName();
    TcpRoute best = null;
    for (Node node = name == null ? every : find(name); node != null; node = node.wider()) {
      TcpRoute earlier = node.first(arrival, best == null ? Integer.MAX_VALUE : best.order());
      best = earlier == null ? best : earlier;
    }
    return best;
  }
}
