package dev.weir.core.config;

import java.util.LinkedHashSet;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/** Where listeners lead in a tree that may have problems; for checks. */
final class Leads {
  private final JsonNode pools;

  Leads(JsonNode tree) {
    pools = tree.path("pools");
  }

  /** The pools that a listener leads to, and those that stand in for them. */
  Set<String> of(JsonNode listener) {
    Set<String> reached = new LinkedHashSet<>();
    add(reached, listener.path("pool"));
    for (JsonNode route : listener.path("routes")) {
      add(reached, route.path("pool"));
      for (JsonNode share : route.path("split")) {
        add(reached, share.path("pool"));
      }
    }
    return reached;
  }

  private void add(Set<String> reached, JsonNode pool) {
    String at = pool.isString() && pools.has(pool.stringValue()) ? pool.stringValue() : null;
    while (at != null && reached.add(at)) {
      at = standIn(at);
    }
  }

  /** The pool that stands in for another; null when none does. */
  String standIn(String pool) {
    JsonNode other = pools.path(pool).path("allDown").path("pool");
    return other.isString() && pools.has(other.stringValue()) ? other.stringValue() : null;
  }

  /** Whether a listener takes TCP sessions, and not requests. */
  static boolean tcp(JsonNode listener) {
    return listener.path("protocol").asString("http").equals("tcp");
  }
}
