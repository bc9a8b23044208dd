package dev.weir.core.config;

import java.util.Map;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/**
 * What {@code protocol: udp} excludes: settings that mean nothing without connections or requests
 * would otherwise be believed to do something. Used by {@link CrossCheck}.
 */
final class UdpCheck {
  private static final Set<String> KEYS =
      Set.of("bind", "protocol", "pool", "timeouts", "limits", "udp");
  private static final Set<String> TIMEOUTS = Set.of("idle");
  private static final Set<String> LIMITS =
      Set.of("connectionsPerClient", "clientPrefix4", "clientPrefix6");

  private final JsonNode tree;
  private final Problems problems;

  UdpCheck(JsonNode tree, Problems problems) {
    this.tree = tree;
    this.problems = problems;
  }

  static boolean isUdp(JsonNode listener) {
    return listener.path("protocol").asString("http").equals("udp");
  }

  void listener(String path, JsonNode listener) {
    if (!listener.has("pool")) {
      problems.add(path, "'pool' is missing");
    }
    only(path, listener, KEYS);
    only(path + "/timeouts", listener.path("timeouts"), TIMEOUTS);
    only(path + "/limits", listener.path("limits"), LIMITS);
    JsonNode pool = tree.path("pools").path(listener.path("pool").asString(""));
    String header = pool.path("proxyProtocol").asString("off");
    if (!header.equals("off")) {
      problems.addFirst(
          path + "/pool",
          "leads to a pool with 'proxyProtocol: "
              + header
              + "', and over UDP no PROXY header is written; it takes a pool without one");
    }
  }

  private void only(String path, JsonNode node, Set<String> allowed) {
    if (!node.isObject()) {
      return;
    }
    for (Map.Entry<String, JsonNode> each : node.properties()) {
      String key = each.getKey();
      if (!allowed.contains(key)) {
        String instead = key.equals("connections") ? "; see 'sessions' of its 'udp'" : "";
        problems.addFirst(Pointers.child(path, key), "means nothing on a udp listener" + instead);
      }
    }
  }

  /** A listener that speaks something else. */
  void other(String path, JsonNode listener) {
    if (listener.has("udp")) {
      problems.addFirst(path + "/udp", "is for listeners with 'protocol: udp'");
    }
  }
}
