package dev.weir.http;

import dev.weir.core.config.ListenerConfig;
import dev.weir.core.config.RouteConfig;
import dev.weir.core.pool.Pool;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The routes of one listener; immutable. The first route that matches wins. Routes are indexed by
 * host, so that a request looks only at those that its host allows, however many there are; each
 * host has its own routes and leads on to the suffixes that contain it and to the routes for every
 * host, so that the index is no larger than the routes.
 */
final class Router {
  /** Routes for one host or suffix, and where to look besides. */
  private static final class Node {
    private final Route[] routes;
    private final Node wider;

    Node(List<Route> routes, Node wider) {
      this.routes = routes.toArray(Route[]::new);
      this.wider = wider == null || wider.routes.length == 0 ? null : wider;
    }

    /** The first route that matches, of those that stand before a place. */
    Route first(Head head, Client client, byte[] path, int from, int to, int before) {
      for (Route route : routes) {
        if (route.order > before) {
          return null;
        }
        if (route.matches(head, client, path, from, to)) {
          return route;
        }
      }
      return null;
    }
  }

  private final HostTable<Node> exact;
  private final HostTable<Node> suffixes;
  private final Node anyHost;
  private final int refused;
  private final boolean guarded;
  private final boolean plain;

  /** As configured and checked. */
  Router(ListenerConfig config, Map<String, Pool> pools) {
    List<Route> any = new ArrayList<>();
    Map<String, List<Route>> byName = new HashMap<>();
    Map<String, List<Route>> bySuffix = new HashMap<>();
    boolean guards = false;
    List<RouteConfig> routes = routes(config);
    for (int i = 0; i < routes.size(); i++) {
      RouteConfig each = routes.get(i);
      Route route = new Route(i, each, pools);
      guards |= route.guarded;
      Set<String> hosts = hosts(each);
      for (String host : hosts) {
        boolean suffix = Hosts.isPattern(host);
        (suffix ? bySuffix : byName)
            .computeIfAbsent(suffix ? Hosts.suffix(host) : host, key -> new ArrayList<>())
            .add(route);
      }
      if (hosts.isEmpty()) {
        any.add(route);
      }
    }
    anyHost = new Node(any, null);
    Map<String, Node> suffixNodes = new HashMap<>();
    bySuffix.keySet().stream()
        .sorted((a, b) -> Integer.compare(a.length(), b.length()))
        .forEach(key -> suffixNodes.put(key, node(key, bySuffix.get(key), suffixNodes)));
    Map<String, Node> nameNodes = new HashMap<>();
    byName.forEach((key, list) -> nameNodes.put(key, node(key, list, suffixNodes)));
    exact = new HostTable<>(nameNodes);
    suffixes = new HostTable<>(suffixNodes);
    refused = refused(config.paths());
    guarded = guards;
    plain = refused == 0 && !guarded;
  }

  /** The routes, and the pool for all that they leave. */
  static List<RouteConfig> routes(ListenerConfig config) {
    List<RouteConfig> routes = new ArrayList<>(config.routes());
    if (config.pool() != null) {
      routes.add(RouteConfig.of(null, config.pool()));
    }
    return routes;
  }

  static Set<String> hosts(RouteConfig route) {
    Set<String> hosts = new LinkedHashSet<>();
    if (route.match() != null) {
      route.match().hosts().forEach(host -> hosts.add(Hosts.normal(host)));
    }
    return hosts;
  }

  /** Looks further at the longest suffix that contains the host, else at the routes for all. */
  private Node node(String host, List<Route> routes, Map<String, Node> suffixNodes) {
    for (int dot = host.indexOf('.', 1); dot > 0; dot = host.indexOf('.', dot + 1)) {
      Node wider = suffixNodes.get(host.substring(dot));
      if (wider != null) {
        return new Node(routes, wider);
      }
    }
    return new Node(routes, anyHost);
  }

  private static int refused(ListenerConfig.Paths paths) {
    return (paths.encodedSlash().equals("refuse") ? PathViews.ENCODED_SLASH : 0)
        | (paths.encodedBackslash().equals("refuse") ? PathViews.ENCODED_BACKSLASH : 0)
        | (paths.semicolon().equals("refuse") ? PathViews.SEMICOLON : 0)
        | (paths.doubleSlash().equals("refuse") ? PathViews.DOUBLE_SLASH : 0);
  }

  /**
   * The route that takes a request; null when none does, or when {@link Head#fault} says why its
   * path is refused.
   */
  Route route(Head head, Client client) {
    Route route = first(head, client);
    if (!plain) {
      int odd = PathViews.oddities(head.pathArray(), head.pathFrom(), head.pathTo());
      if (odd != 0 && refuses(odd, head, client, route)) {
        head.fault = Fault.AMBIGUOUS_PATH;
        return null;
      }
    }
    return route;
  }

  private boolean refuses(int odd, Head head, Client client, Route route) {
    if ((odd & refused) != 0) {
      return true;
    }
    if (!guarded) {
      return false;
    }
    boolean guard = route != null && route.guarded;
    if (guard && (odd & ~PathViews.ENCODED) != 0) {
      return true;
    }
    byte[] own = head.normalPath;
    byte[] path = new byte[head.pathTo() - head.pathFrom()];
    System.arraycopy(head.pathArray(), head.pathFrom(), path, 0, path.length);
    boolean refuse = false;
    for (PathViews.View view : PathViews.of(path)) {
      head.normalPath = view.path;
      head.decodedView = view.decoded;
      Route other = first(head, client);
      refuse |= other != route && (guard || (other != null && other.guarded));
    }
    head.decodedView = false;
    head.normalPath = own;
    return refuse;
  }

  private Route first(Head head, Client client) {
    byte[] path = head.bytes;
    int from = head.pathStart;
    int to = head.pathEnd;
    if (head.normalPath != null || from == to) {
      path = head.pathArray();
      from = 0;
      to = path.length;
    }
    Node node = node(head);
    Route best = node.first(head, client, path, from, to, Integer.MAX_VALUE);
    for (node = node.wider; node != null; node = node.wider) {
      int before = best == null ? Integer.MAX_VALUE : best.order;
      Route earlier = node.first(head, client, path, from, to, before);
      best = earlier == null ? best : earlier;
    }
    return best;
  }

  private Node node(Head head) {
    byte[] bytes = head.bytes;
    int from;
    int to;
    if (head.authorityStart >= 0) {
      from = head.authorityStart;
      to = head.authorityEnd;
    } else if (head.host >= 0) {
      from = head.valueStart(head.host);
      to = head.valueEnd(head.host);
    } else {
      return anyHost;
    }
    to = Hosts.withoutPort(bytes, from, to);
    Node found = exact.get(bytes, from, to);
    for (int i = from + 1; found == null && i < to; i++) {
      if (bytes[i] == '.') {
        found = suffixes.get(bytes, i, to);
      }
    }
    return found == null ? anyHost : found;
  }
}
