package dev.weir.core.config;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Binds a changed document by binding only what changed, as long as that is pools and backends:
 * they say nothing about one another, so that the rest stays right. What may not be led to by every
 * listener, or names another pool, is not bound here. The cost is that of the change, not of the
 * document. Used by {@link ConfigBinder}.
 */
final class Rebind {
  private static final String POOLS = "pools";
  private static final String BACKENDS = "backends";
  private static final String ALL_DOWN = "allDown";

  private final JsonNode before;
  private final JsonNode after;

  /** From one tree to another. */
  Rebind(JsonNode before, JsonNode after) {
    this.before = before;
    this.after = after;
  }

  /**
   * A tree with nothing but the pools and backends that are new or changed; null when more than
   * that changed, or a pool left that something may refer to.
   */
  JsonNode difference() {
    if (!after.isObject() || !after.path(POOLS).isObject() || !sameElse(before, after, POOLS)) {
      return null;
    }
    for (String pool : before.path(POOLS).propertyNames()) {
      if (!after.path(POOLS).has(pool)) {
        return null;
      }
    }
    ObjectNode pools = JsonNodeFactory.instance.objectNode();
    for (Map.Entry<String, JsonNode> pool : after.path(POOLS).properties()) {
      JsonNode was = before.path(POOLS).get(pool.getKey());
      if (!same(was, pool.getValue())) {
        JsonNode changed = difference(was, pool.getValue());
        if (concernsListeners(was, pool.getValue()) || concernsListeners(changed)) {
          return null;
        }
        pools.set(pool.getKey(), changed);
      }
    }
    ObjectNode root = JsonNodeFactory.instance.objectNode();
    root.set(POOLS, pools);
    return root;
  }

  private static JsonNode difference(JsonNode was, JsonNode is) {
    JsonNode backends = is.path(BACKENDS);
    if (was == null || !backends.isObject() || !was.path(BACKENDS).isObject()) {
      return is;
    }
    ObjectNode changed = JsonNodeFactory.instance.objectNode();
    for (Map.Entry<String, JsonNode> backend : backends.properties()) {
      if (!same(was.path(BACKENDS).get(backend.getKey()), backend.getValue())) {
        changed.set(backend.getKey(), backend.getValue());
      }
    }
    ObjectNode copy = JsonNodeFactory.instance.objectNode();
    copy.setAll((ObjectNode) is);
    copy.set(BACKENDS, changed);
    // It names a pool that is not in the difference.
    copy.remove(ALL_DOWN);
    return copy;
  }

  /**
   * Whether settings differ that not every listener may lead to, that name another pool, or that
   * the addresses of backends which stay the same may contradict.
   */
  private static boolean concernsListeners(JsonNode was, JsonNode is) {
    for (String key : List.of(ALL_DOWN, "source", "proxyProtocol", "health")) {
      if (!same(was == null ? null : was.get(key), is.get(key))) {
        return true;
      }
    }
    return false;
  }

  /** Whether a backend has an address that not every listener may lead to. */
  private static boolean concernsListeners(JsonNode pool) {
    for (JsonNode backend : pool.path(BACKENDS)) {
      String address = backend.path("address").asString("");
      if (address.startsWith("unix:") || address.matches(".*:[+-].*")) {
        return true;
      }
    }
    return false;
  }

  /**
   * The whole configuration afterwards.
   *
   * @param old what the tree before was bound to
   * @param bound what the {@link #difference} was bound to
   */
  LbConfig merge(LbConfig old, LbConfig bound) {
    Map<String, PoolConfig> pools = new LinkedHashMap<>();
    for (Map.Entry<String, JsonNode> pool : after.path(POOLS).properties()) {
      PoolConfig was = old.pools().get(pool.getKey());
      PoolConfig is = bound.pools().get(pool.getKey());
      pools.put(pool.getKey(), is == null ? was : merge(was, is, pool.getValue()));
    }
    return new LbConfig(
        old.admin(), old.metrics(), old.process(), old.accessLog(), old.listeners(), pools);
  }

  private static PoolConfig merge(PoolConfig was, PoolConfig is, JsonNode tree) {
    if (was == null) {
      return is;
    }
    Map<String, BackendConfig> backends = new LinkedHashMap<>();
    for (String name : tree.path(BACKENDS).propertyNames()) {
      BackendConfig changed = is.backends().get(name);
      backends.put(name, changed == null ? was.backends().get(name) : changed);
    }
    return is.withBackends(backends).withAllDown(was.allDown());
  }

  private static boolean sameElse(JsonNode a, JsonNode b, String except) {
    for (Map.Entry<String, JsonNode> member : b.properties()) {
      if (!member.getKey().equals(except) && !same(a.get(member.getKey()), member.getValue())) {
        return false;
      }
    }
    for (String key : a.propertyNames()) {
      if (!b.has(key)) {
        return false;
      }
    }
    return true;
  }

  private static boolean same(JsonNode a, JsonNode b) {
    return Objects.equals(a, b);
  }
}
