package dev.weir.http;

import dev.weir.core.config.ListenerConfig;
import dev.weir.core.config.RouteConfig;
import dev.weir.core.pool.Pool;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * The routes of one listener; immutable. The first route that matches wins. Routes are indexed by
 * host, so that a request looks only at those that its host allows, however many there are.
 */
final class Router {
  private static final byte[] ROOT = {'/'};

  private static final class Path {
    private final byte[] text;
    private final boolean prefix;

    Path(byte[] text, boolean prefix) {
      this.text = text;
      this.prefix = prefix;
    }

    static Path of(RouteConfig.Path path) {
      if (path == null) {
        return null;
      }
      return path.exact() != null
          ? new Path(Chars.bytes(path.exact()), false)
          : new Path(Chars.bytes(path.prefix()), true);
    }

    /** A prefix ends at a slash of its own or at one of the path's. */
    boolean matches(byte[] bytes, int from, int to) {
      int length = text.length;
      if (to - from < length || !Chars.equalsExact(bytes, from, from + length, text)) {
        return false;
      }
      return to - from == length
          || (prefix && (text[length - 1] == '/' || bytes[from + length] == '/'));
    }
  }

  private record Route(Path path, Pool pool) {}

  private final HostTable<Route[]> exact;
  private final HostTable<Route[]> suffixes;
  private final Route[] anyHost;

  Router(ListenerConfig config, Map<String, Pool> pools) {
    List<RouteConfig> routes = new ArrayList<>(config.routes());
    if (config.pool() != null) {
      routes.add(new RouteConfig(null, config.pool()));
    }
    Map<String, Route[]> byName = new HashMap<>();
    Map<String, Route[]> bySuffix = new HashMap<>();
    Route[] built = new Route[routes.size()];
    for (int i = 0; i < built.length; i++) {
      RouteConfig route = routes.get(i);
      RouteConfig.Match match = route.match();
      built[i] = new Route(Path.of(match == null ? null : match.path()), pools.get(route.pool()));
    }
    for (RouteConfig route : routes) {
      for (String host : hosts(route)) {
        Map<String, Route[]> map = host.startsWith("*.") ? bySuffix : byName;
        String key = host.startsWith("*.") ? host.substring(1) : host;
        map.computeIfAbsent(key, k -> matching(routes, built, host));
      }
    }
    exact = new HostTable<>(byName);
    suffixes = new HostTable<>(bySuffix);
    anyHost = matching(routes, built, null);
  }

  private static List<String> hosts(RouteConfig route) {
    return route.match() == null
        ? List.of()
        : route.match().hosts().stream().map(h -> h.toLowerCase(Locale.ROOT)).toList();
  }

  /** The routes that take a host, in order; the host may be a pattern, or null for any other. */
  private static Route[] matching(List<RouteConfig> routes, Route[] built, String host) {
    List<Route> found = new ArrayList<>();
    for (int i = 0; i < built.length; i++) {
      List<String> hosts = hosts(routes.get(i));
      if (hosts.isEmpty()
          || (host != null && hosts.stream().anyMatch(pattern -> covers(pattern, host)))) {
        found.add(built[i]);
      }
    }
    return found.toArray(Route[]::new);
  }

  /** Whether every host that the second pattern takes is taken by the first. */
  static boolean covers(String pattern, String other) {
    if (pattern.startsWith("*.")) {
      String rest = other.startsWith("*.") ? other.substring(1) : other;
      return rest.endsWith(pattern.substring(1))
          && (other.startsWith("*.") || rest.length() > pattern.length() - 1);
    }
    return pattern.equals(other);
  }

  /** The pool that takes a request; null when no route does. */
  Pool route(Head head) {
    byte[] path = head.bytes;
    int from = head.pathStart;
    int to = head.pathEnd;
    if (head.normalPath != null) {
      path = head.normalPath;
      from = 0;
      to = path.length;
    } else if (from == to) {
      path = ROOT;
      from = 0;
      to = 1;
    }
    for (Route route : candidates(head)) {
      if (route.path == null || route.path.matches(path, from, to)) {
        return route.pool;
      }
    }
    return null;
  }

  private Route[] candidates(Head head) {
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
    return byHost(head.bytes, from, withoutPort(head.bytes, from, to));
  }

  private Route[] byHost(byte[] bytes, int from, int to) {
    Route[] found = exact.get(bytes, from, to);
    if (found != null) {
      return found;
    }
    for (int i = from + 1; i < to; i++) {
      if (bytes[i] == '.') {
        found = suffixes.get(bytes, i, to);
        if (found != null) {
          return found;
        }
      }
    }
    return anyHost;
  }

  /** RFC 3986 section 3.2: the port, and a final dot of the name, do not tell hosts apart. */
  private static int withoutPort(byte[] bytes, int from, int to) {
    int end = to;
    for (int i = to - 1; i > from && bytes[i] != ']'; i--) {
      if (bytes[i] == ':') {
        end = i;
        break;
      }
    }
    return end > from + 1 && bytes[end - 1] == '.' ? end - 1 : end;
  }
}
