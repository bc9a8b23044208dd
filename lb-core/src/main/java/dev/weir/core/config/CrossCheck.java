package dev.weir.core.config;

import java.time.Duration;
import java.util.Collection;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/**
 * Checks what concerns more than one value: references, addresses taken twice, things that exclude
 * one another. Works on the tree, so that it finds what it can beside other problems; values of a
 * wrong type are passed over. Used by {@link ConfigBinder}.
 */
final class CrossCheck {
  private final JsonNode tree;
  private final Shown shown;
  private final Problems problems;

  CrossCheck(JsonNode tree, Shown shown, Problems problems) {
    this.tree = tree;
    this.shown = shown;
    this.problems = problems;
  }

  void check() {
    if (tree.has("include")) {
      problems.add("/include", "is for files only");
    }
    new SocketCheck(tree, shown, problems).check();
    for (Map.Entry<String, JsonNode> listener : tree.path("listeners").properties()) {
      listener(Pointers.child("/listeners", listener.getKey()), listener.getValue());
    }
    for (Map.Entry<String, JsonNode> pool : tree.path("pools").properties()) {
      String path = Pointers.child("/pools", pool.getKey()) + "/health";
      JsonNode health = pool.getValue().path("health");
      if (health.isObject()) {
        health(path, health);
      }
      proxyProtocol(Pointers.child("/pools", pool.getKey()), pool.getValue());
    }
    new AllDownCheck(tree, this::pool, problems).check();
    shutdown();
    accessLog();
  }

  private void accessLog() {
    JsonNode to = tree.path("accessLog").path("to");
    if (to.isString() && !AccessLogConfig.known(to.stringValue())) {
      problems.add(
          "/accessLog/to",
          "'" + to.stringValue() + "' is none of stdout, off, file:PATH and syslog:HOST:PORT");
    }
  }

  private void listener(String path, JsonNode listener) {
    pool(path + "/pool", listener.path("pool"));
    UdpCheck udp = new UdpCheck(tree, problems);
    if (UdpCheck.isUdp(listener)) {
      udp.listener(path, listener);
      return;
    }
    udp.other(path, listener);
    boolean tcp = Leads.tcp(listener);
    JsonNode routes = listener.path("routes");
    if (tcp && listener.has("forwarding")) {
      problems.addFirst(path + "/forwarding", "a tcp listener has no headers to write");
    }
    if (!listener.has("pool") && routes.isEmpty() && listener.isObject()) {
      problems.add(path, "'pool' or 'routes' is missing");
    }
    JsonNode from = listener.path("proxyProtocol").path("from");
    if (from.isArray() && from.isEmpty()) {
      problems.addFirst(
          path + "/proxyProtocol/from", "names no network, so that no header would be believed");
    }
    if (routes.isArray()) {
      RouteCheck check = new RouteCheck(this::pool, tcp, problems);
      check.routes(path + "/routes", routes);
    }
  }

  private void proxyProtocol(String path, JsonNode pool) {
    String version = pool.path("proxyProtocol").asString("off");
    if (pool.path("proxyTlvs").size() > 0 && !version.equals("v2")) {
      problems.addFirst(
          path + "/proxyTlvs", "needs 'proxyProtocol: v2': no other header has room for them");
    }
    if (pool.path("health").path("proxyProtocol").asBoolean(false) && version.equals("off")) {
      problems.addFirst(
          path + "/health/proxyProtocol", "has no effect: 'proxyProtocol' of the pool is off");
    }
  }

  private void pool(String path, JsonNode pool) {
    if (pool.isString() && !problems.isFull() && !tree.path("pools").has(pool.stringValue())) {
      Collection<String> known = tree.path("pools").propertyNames();
      String hint = shown.hides(path) ? "" : Suggest.hint(pool.stringValue(), known);
      problems.addFirst(path, "there is no pool " + shown.at(path) + hint);
    }
  }

  private void health(String path, JsonNode health) {
    if (health.has("http") && health.has("tcp")) {
      problems.addFirst(path, "must have at most one of 'http' and 'tcp'");
    }
    Duration fast = duration(health, "fastInterval");
    HealthConfig filled =
        new HealthConfig(
            null,
            null,
            duration(health, "interval"),
            duration(health, "timeout"),
            null,
            null,
            fast,
            null,
            null);
    if (filled.timeout().compareTo(filled.interval()) >= 0) {
      problems.addFirst(
          path + (health.has("timeout") ? "/timeout" : "/interval"),
          "the timeout ("
              + told(health, "timeout", filled.timeout())
              + ") must be less than the interval ("
              + told(health, "interval", filled.interval())
              + ")");
    }
    if (fast != null && fast.compareTo(filled.interval()) > 0) {
      problems.addFirst(
          path + "/fastInterval",
          "must be at most the interval ("
              + told(health, "interval", filled.interval())
              + "), is "
              + Durations.format(fast));
    }
  }

  private void shutdown() {
    JsonNode node = tree.path("process").path("shutdown");
    if (!node.isObject()) {
      return;
    }
    ProcessConfig.Shutdown filled =
        new ProcessConfig.Shutdown(
            duration(node, "preDelay"), duration(node, "drain"), duration(node, "hard"));
    if (filled.hard().compareTo(filled.preDelay().plus(filled.drain())) < 0) {
      problems.addFirst(
          "/process/shutdown",
          "'hard' ("
              + told(node, "hard", filled.hard())
              + ") must be at least 'preDelay' ("
              + told(node, "preDelay", filled.preDelay())
              + ") and 'drain' ("
              + told(node, "drain", filled.drain())
              + ") together");
    }
  }

  private static Duration duration(JsonNode parent, String key) {
    JsonNode node = parent.path(key);
    boolean fine = node.isString() && Form.DURATION.wrong(node.stringValue()).isEmpty();
    return fine ? Durations.parse(node.stringValue()) : null;
  }

  private static String told(JsonNode parent, String key, Duration value) {
    return Durations.format(value) + (parent.has(key) ? "" : ", the default");
  }
}
