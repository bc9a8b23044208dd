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
    HostPort bind = address(listener.path("bind"), Form.LISTEN);
    if (bind != null && (bind.isUnix() || bind.ports() > 1)) {
      problems.addFirst(path + "/bind", "a udp listener has one port of one address");
    }
    new Leads(tree).of(listener).forEach(name -> pool(path + "/pool", name));
  }

  private static HostPort address(JsonNode node, Form form) {
    return node.isString() && form.wrong(node.stringValue()).isEmpty()
        ? HostPort.read(node.stringValue())
        : null;
  }

  /** What a pool must not have that is led to; it is named, since it may be one that stands in. */
  private void pool(String path, String name) {
    JsonNode pool = tree.path("pools").path(name);
    String leads = "leads to the pool " + Quote.text(name) + " with '";
    String header = pool.path("proxyProtocol").asString("off");
    if (!header.equals("off")) {
      problems.addFirst(
          path, leads + "proxyProtocol: " + header + "', and over UDP no PROXY header is written");
    }
    if (pool.has("source")) {
      problems.addFirst(path, leads + "source', which is for connections");
    }
    for (Map.Entry<String, JsonNode> each : pool.path("backends").properties()) {
      HostPort address = address(each.getValue().path("address"), Form.ADDRESS);
      if (address != null && address.isUnix()) {
        problems.addFirst(
            path,
            leads + each.getKey() + "', whose address is a Unix socket; datagrams need a port");
      }
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
