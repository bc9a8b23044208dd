package dev.weir.core.config;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/**
 * Checks addresses against each other: those that are taken twice, socket options that do not go
 * with the address, ports that depend on the client's. Works on the tree; used by {@link
 * CrossCheck}.
 */
final class SocketCheck {
  private static final List<String> OF_UNIX = List.of("mode", "owner", "group");
  private static final List<String> OF_IP = List.of("freebind", "transparent", "ipv6Only");

  private final JsonNode tree;
  private final Shown shown;
  private final Problems problems;
  private final Leads leads;
  private Map<String, List<Entrance>> entrances;

  /** A listener that leads to a pool. */
  private record Entrance(String name, boolean tcp, HostPort bind) {}

  /** An address in use; TCP and UDP have ports of their own. */
  private record Taken(String path, HostPort address, boolean ipv6Only, boolean udp) {}

  SocketCheck(JsonNode tree, Shown shown, Problems problems) {
    this.tree = tree;
    this.shown = shown;
    this.problems = problems;
    leads = new Leads(tree);
  }

  void check() {
    binds();
    for (Map.Entry<String, JsonNode> listener : tree.path("listeners").properties()) {
      String path = Pointers.child("/listeners", listener.getKey());
      HostPort bind = address(listener.getValue().path("bind"), Form.LISTEN);
      if (bind != null) {
        options(path + "/socket", listener.getValue().path("socket"), bind);
      }
    }
    for (Map.Entry<String, JsonNode> pool : tree.path("pools").properties()) {
      ports(pool.getKey(), pool.getValue());
    }
  }

  private static HostPort address(JsonNode node, Form form) {
    return node.isString() && form.wrong(node.stringValue()).isEmpty()
        ? HostPort.read(node.stringValue())
        : null;
  }

  // Addresses that are taken twice.

  private void binds() {
    List<Taken> taken = new ArrayList<>();
    own("/admin/bind", new AdminConfig(null, null).bind(), taken);
    own("/metrics/bind", new MetricsConfig(null).bind(), taken);
    for (Map.Entry<String, JsonNode> listener : tree.path("listeners").properties()) {
      String path = Pointers.child("/listeners", listener.getKey()) + "/bind";
      HostPort address = address(listener.getValue().path("bind"), Form.LISTEN);
      boolean ipv6Only = listener.getValue().path("socket").path("ipv6Only").asBoolean(false);
      bind(new Taken(path, address, ipv6Only, UdpCheck.isUdp(listener.getValue())), taken);
    }
  }

  private void own(String path, HostPort otherwise, List<Taken> taken) {
    JsonNode node = tree.at(path);
    HostPort address = node.isString() ? address(node, Form.BIND) : otherwise;
    bind(new Taken(path, address, false, false), taken);
  }

  private void bind(Taken wanted, List<Taken> taken) {
    HostPort address = wanted.address();
    if (address == null || (address.port() == 0 && !address.isUnix())) {
      return;
    }
    for (Taken other : taken) {
      if (overlap(wanted, other)) {
        String where =
            other.path() + (tree.at(other.path()).isMissingNode() ? " (its default)" : "");
        problems.addFirst(wanted.path(), shown(wanted.path(), address) + " is in use by " + where);
        return;
      }
    }
    taken.add(wanted);
  }

  private String shown(String path, HostPort address) {
    return shown.hides(path) ? shown.at(path) : Quote.text(address.toString());
  }

  /**
   * Whether two addresses share a port of one interface, or a path; names are compared as they are.
   * [::] takes IPv4 too, unless it is told not to.
   */
  private static boolean overlap(Taken a, Taken b) {
    HostPort one = a.address();
    HostPort other = b.address();
    if (one.isUnix() || other.isUnix()) {
      return one.equals(other);
    }
    InetAddress left = Cidr.literal(one.host()).orElse(null);
    InetAddress right = Cidr.literal(other.host()).orElse(null);
    boolean samePort = one.port() <= other.last() && other.port() <= one.last();
    return samePort
        && a.udp() == b.udp()
        && (one.host().equalsIgnoreCase(other.host())
            || takes(left, right, a.ipv6Only())
            || takes(right, left, b.ipv6Only())
            || (left != null && left.equals(right)));
  }

  private static boolean takes(InetAddress any, InetAddress other, boolean ipv6Only) {
    if (any == null || !any.isAnyLocalAddress()) {
      return false;
    }
    boolean six = other instanceof Inet6Address;
    return any instanceof Inet6Address ? six || !ipv6Only : !six;
  }

  // Options that do not go with the address.

  private void options(String path, JsonNode socket, HostPort bind) {
    for (String name : bind.isUnix() ? OF_IP : OF_UNIX) {
      if (socket.has(name)) {
        problems.addFirst(
            path + "/" + name,
            bind.isUnix() ? "a Unix socket has no such option" : "is for Unix sockets only");
      }
    }
    boolean six = Cidr.literal(bind.host()).filter(Inet6Address.class::isInstance).isPresent();
    if (!bind.isUnix() && socket.path("ipv6Only").asBoolean(false) && !six) {
      problems.addFirst(path + "/ipv6Only", "is for listeners on IPv6 addresses, such as [::]:80");
    }
  }

  // Ports that depend on the client's, or on nothing at all.

  private void ports(String name, JsonNode pool) {
    String path = Pointers.child("/pools", name);
    JsonNode health = pool.path("health");
    for (Map.Entry<String, JsonNode> entry : pool.path("backends").properties()) {
      String at = Pointers.child(path + "/backends", entry.getKey()) + "/address";
      HostPort address = address(entry.getValue().path("address"), Form.ADDRESS);
      if (address != null && address.isUnix() && health.has("port")) {
        problems.addFirst(path + "/health/port", "the Unix socket of " + at + " has no port");
      }
      if (address != null && address.isRelative()) {
        if (health.isObject() && !health.has("port")) {
          problems.addFirst(
              path + "/health", "'port' is missing: the one in " + at + " depends on the client");
        }
        entrances(name).forEach(entrance -> relative(at, address.port(), entrance));
      }
    }
  }

  private List<Entrance> entrances(String pool) {
    if (entrances == null) {
      entrances = new HashMap<>();
      for (Map.Entry<String, JsonNode> listener : tree.path("listeners").properties()) {
        JsonNode node = listener.getValue();
        Entrance entrance =
            new Entrance(
                Quote.text(listener.getKey()),
                Leads.tcp(node),
                address(node.path("bind"), Form.LISTEN));
        for (String reached : leads.of(node)) {
          entrances.computeIfAbsent(reached, unknown -> new ArrayList<>()).add(entrance);
        }
      }
    }
    return entrances.getOrDefault(pool, List.of());
  }

  private void relative(String path, int offset, Entrance from) {
    HostPort bind = from.bind();
    if (!from.tcp()) {
      problems.addFirst(
          path,
          "a port that depends on the client's is for tcp listeners, and the listener "
              + from.name()
              + ", which is none, leads here");
    } else if (bind != null && bind.isUnix()) {
      problems.addFirst(
          path,
          "clients of the listener " + from.name() + " come to a Unix socket, and to no port");
    } else if (bind != null
        && bind.port() > 0
        && (bind.port() + offset < 1 || bind.last() + offset > 65_535)) {
      problems.addFirst(
          path, "the ports of the listener " + from.name() + " plus " + offset + " leave 1..65535");
    }
  }
}
