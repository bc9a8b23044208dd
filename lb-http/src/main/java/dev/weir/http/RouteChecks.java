package dev.weir.http;

import dev.weir.core.config.ListenerConfig;
import dev.weir.core.config.Problem;
import dev.weir.core.config.RouteConfig;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;

/** Finds routes that cannot mean what they say: malformed ones, and those that can never match. */
final class RouteChecks {
  private RouteChecks() {}

  static void check(String path, ListenerConfig config, Consumer<Problem> problems) {
    List<RouteConfig> routes = new ArrayList<>(config.routes());
    for (int i = 0; i < routes.size(); i++) {
      checkRoute(path + "/routes/" + i, routes.get(i), problems);
    }
    if (config.pool() != null) {
      routes.add(new RouteConfig(null, config.pool()));
    }
    for (int later = 1; later < routes.size(); later++) {
      for (int earlier = 0; earlier < later; earlier++) {
        if (covers(routes.get(earlier), routes.get(later))) {
          boolean fallback = later == config.routes().size();
          problems.accept(
              Problem.at(
                  path + (fallback ? "/pool" : "/routes/" + later),
                  "can never match: routes/" + earlier + " takes every request that it would"));
          break;
        }
      }
    }
  }

  private static void checkRoute(String path, RouteConfig route, Consumer<Problem> problems) {
    RouteConfig.Match match = route.match();
    if (match == null) {
      return;
    }
    for (int i = 0; i < match.hosts().size(); i++) {
      String host = match.hosts().get(i);
      String name = host.startsWith("*.") ? host.substring(2) : host;
      byte[] bytes = Chars.bytes(name);
      boolean bracketed = name.startsWith("[");
      if (!FieldRules.validHost(bytes, 0, bytes.length)
          || name.contains("*")
          || (!bracketed && name.contains(":"))) {
        problems.accept(
            Problem.at(
                path + "/match/hosts/" + i,
                "'" + host + "' is neither a host name without port nor *.suffix"));
      }
    }
    if (match.path() != null) {
      boolean exact = match.path().exact() != null;
      String text = exact ? match.path().exact() : match.path().prefix();
      if (text != null) {
        checkPath(path + "/match/path/" + (exact ? "exact" : "prefix"), text, problems);
      }
    }
  }

  private static void checkPath(String path, String text, Consumer<Problem> problems) {
    Head head = new Head();
    head.clear();
    head.bytes = Chars.bytes(text);
    head.pathEnd = head.bytes.length;
    if (!text.startsWith("/")) {
      problems.accept(Problem.at(path, "'" + text + "' must begin with /"));
      return;
    }
    for (byte b : head.bytes) {
      if (!Chars.is(b, Chars.TARGET) || b == '?') {
        problems.accept(Problem.at(path, "'" + text + "' holds a character that no path can hold"));
        return;
      }
    }
    if (!PathRules.normalise(head)) {
      problems.accept(Problem.at(path, "'" + text + "' is a path that is always refused"));
    } else if (head.normalPath != null) {
      String normal = Chars.text(head.normalPath, 0, head.normalPath.length);
      problems.accept(
          Problem.at(path, "can never match: paths are matched as '" + normal + "'; write that"));
    }
  }

  private static boolean covers(RouteConfig earlier, RouteConfig later) {
    return coversHosts(earlier, later) && coversPath(path(earlier), path(later));
  }

  private static boolean coversHosts(RouteConfig earlier, RouteConfig later) {
    List<String> wide = hosts(earlier);
    List<String> narrow = hosts(later);
    if (wide.isEmpty()) {
      return true;
    }
    return !narrow.isEmpty()
        && narrow.stream().allMatch(h -> wide.stream().anyMatch(w -> Router.covers(w, h)));
  }

  private static List<String> hosts(RouteConfig route) {
    return route.match() == null
        ? List.of()
        : route.match().hosts().stream().map(h -> h.toLowerCase(Locale.ROOT)).toList();
  }

  private static RouteConfig.Path path(RouteConfig route) {
    return route.match() == null ? null : route.match().path();
  }

  private static boolean coversPath(RouteConfig.Path wide, RouteConfig.Path narrow) {
    if (wide == null) {
      return true;
    }
    if (narrow == null) {
      return "/".equals(wide.prefix());
    }
    String text = narrow.exact() != null ? narrow.exact() : narrow.prefix();
    if (wide.exact() != null) {
      return wide.exact().equals(narrow.exact());
    }
    String prefix = wide.prefix();
    return text != null
        && prefix != null
        && text.startsWith(prefix)
        && (text.length() == prefix.length()
            || prefix.endsWith("/")
            || text.charAt(prefix.length()) == '/');
  }
}
