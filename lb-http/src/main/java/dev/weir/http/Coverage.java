package dev.weir.http;

import dev.weir.core.config.MatchConfig;
import dev.weir.core.config.RouteConfig;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Finds routes that can never match because earlier ones take all that they would. Only what is
 * certain is found: for each host of a route some earlier route takes the host or a suffix of it,
 * the path or a prefix of it, and asks for nothing else or for exactly the same. One pass; each
 * route costs a look-up for each of its hosts, labels and segments, however many routes there are.
 * Made for one check.
 */
final class Coverage {
  private static final String EVERY_HOST = "";

  /**
   * What earlier routes take: of a host, under a further condition (null for none), with a path
   * (null for all).
   */
  private record Taken(String host, MatchConfig further, MatchConfig.Path path) {}

  private final Map<Taken, Integer> first = new HashMap<>();

  /** The earlier route that takes what this one would, or the last of several; -1 for none. */
  int coveredBy(RouteConfig route) {
    MatchConfig match = route.match();
    MatchConfig further = further(match);
    MatchConfig.Path path = match == null ? null : match.path();
    int last = -1;
    for (String host : hosts(route)) {
      int by = coveredBy(host, further, path);
      if (by < 0) {
        return -1;
      }
      last = Math.max(last, by);
    }
    return last;
  }

  /** Counts this route among the earlier ones. */
  void add(RouteConfig route, int index) {
    MatchConfig match = route.match();
    MatchConfig.Path path = match == null ? null : match.path();
    for (String host : hosts(route)) {
      first.putIfAbsent(new Taken(host, further(match), path), index);
    }
  }

  private static Set<String> hosts(RouteConfig route) {
    Set<String> hosts = Router.hosts(route);
    return hosts.isEmpty() ? Set.of(EVERY_HOST) : hosts;
  }

  /** What a match asks beside hosts and path; null for nothing. */
  private static MatchConfig further(MatchConfig match) {
    if (match == null) {
      return null;
    }
    MatchConfig rest =
        new MatchConfig(
            null,
            null,
            match.methods(),
            match.headers(),
            match.query(),
            match.cookies(),
            match.sources(),
            null,
            null,
            match.all(),
            match.any(),
            match.not(),
            null);
    return rest.equals(NOTHING) ? null : rest;
  }

  private static final MatchConfig NOTHING =
      new MatchConfig(null, null, null, null, null, null, null, null, null, null, null, null, null);

  private int coveredBy(String host, MatchConfig further, MatchConfig.Path path) {
    for (String wider : wider(host)) {
      for (MatchConfig.Path cover : covers(path)) {
        int by = first(wider, null, cover);
        if (by < 0 && further != null) {
          by = first(wider, further, cover);
        }
        if (by >= 0) {
          return by;
        }
      }
    }
    return -1;
  }

  private int first(String host, MatchConfig further, MatchConfig.Path path) {
    return first.getOrDefault(new Taken(host, further, path), -1);
  }

  /** The hosts whose routes take this one: itself, suffixes that contain it, and all. */
  private static List<String> wider(String host) {
    List<String> wider = new ArrayList<>(List.of(host));
    String name = Hosts.isPattern(host) ? Hosts.suffix(host) : host;
    for (int dot = name.indexOf('.', 1); dot > 0; dot = name.indexOf('.', dot + 1)) {
      wider.add("*" + name.substring(dot));
    }
    wider.add(EVERY_HOST);
    return wider;
  }

  /** The conditions on a path that take all that this one takes. */
  private static List<MatchConfig.Path> covers(MatchConfig.Path path) {
    List<MatchConfig.Path> covers = new ArrayList<>();
    covers.add(null);
    if (path == null) {
      return covers;
    }
    covers.add(path);
    String text = path.exact() != null ? path.exact() : path.prefix();
    if (path.pattern() != null) {
      int variable = path.pattern().indexOf('{');
      text = variable < 0 ? path.pattern() : path.pattern().substring(0, variable);
    }
    if (text != null) {
      covers.add(MatchConfig.Path.ofPrefix(text));
      for (int slash = text.indexOf('/'); slash >= 0; slash = text.indexOf('/', slash + 1)) {
        covers.add(MatchConfig.Path.ofPrefix(text.substring(0, slash + 1)));
        covers.add(MatchConfig.Path.ofPrefix(text.substring(0, slash)));
      }
    }
    return covers;
  }
}
