package dev.weir.tcp;

import dev.weir.core.config.MatchConfig;
import dev.weir.core.config.RouteConfig;
import java.util.HashMap;
import java.util.Map;

/**
 * Finds routes that can never match because earlier ones take all that they would. Only what is
 * certain is found: for each name of a route some earlier route takes it or a suffix of it, and
 * asks for nothing else or for exactly the same. One pass; each route costs a look-up for each of
 * its names and their labels. Made for one check.
 */
final class RouteCoverage {
  private static final MatchConfig NOTHING = MatchConfig.ofConnection(null, null, null);

  /** What earlier routes take: a name or suffix, under a further condition (null for none). */
  private record Taken(String key, MatchConfig further) {}

  private final Map<Taken, Integer> first = new HashMap<>();

  /** The earlier route that takes what this one would, or the last of several; -1 for none. */
  int coveredBy(RouteConfig route) {
    MatchConfig further = further(route.match());
    int last = -1;
    for (String key : TcpRoutes.keys(route.match())) {
      int by = coveredBy(key, further);
      if (by < 0) {
        return -1;
      }
      last = Math.max(last, by);
    }
    return last;
  }

  /** Counts this route among the earlier ones. */
  void add(RouteConfig route, int index) {
    for (String key : TcpRoutes.keys(route.match())) {
      first.putIfAbsent(new Taken(key, further(route.match())), index);
    }
  }

  private static MatchConfig further(MatchConfig match) {
    if (match == null) {
      return null;
    }
    MatchConfig rest =
        new MatchConfig(
            null,
            null,
            null,
            null,
            null,
            null,
            match.sources(),
            null,
            match.alpn(),
            match.all(),
            match.any(),
            match.not(),
            null);
    return rest.equals(NOTHING) ? null : rest;
  }

  private int coveredBy(String key, MatchConfig further) {
    for (String wider = key; wider != null; wider = ServerNames.wider(wider)) {
      int by = takes(wider, further);
      if (by >= 0) {
        return by;
      }
    }
    return takes("", further);
  }

  private int takes(String key, MatchConfig further) {
    int by = first.getOrDefault(new Taken(key, null), -1);
    return by < 0 && further != null ? first.getOrDefault(new Taken(key, further), -1) : by;
  }
}
