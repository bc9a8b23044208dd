package dev.weir.core.runtime;

import dev.weir.core.config.MergePatch;
import dev.weir.core.runtime.Edit.Refused;
import dev.weir.core.runtime.Edit.Refused.Kind;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * The changes that the API offers. Each copies only the objects on the way to what it changes, so
 * that a small change to a large configuration is cheap.
 */
public final class Edits {
  private static final String POOLS = "pools";
  private static final String BACKENDS = "backends";

  private Edits() {}

  /** Replaces the whole configuration. */
  public static Edit replace(JsonNode document) {
    return before -> withoutNulls(document);
  }

  /** Applies a JSON merge patch (RFC 7396) to the whole configuration. */
  public static Edit patch(JsonNode patch) {
    return before -> MergePatch.apply(before, patch);
  }

  /** Adds or replaces a pool. */
  public static Edit putPool(String pool, JsonNode value) {
    return before -> {
      ObjectNode root = copy(before);
      child(root, POOLS).set(pool, withoutNulls(value));
      return root;
    };
  }

  /** Applies a JSON merge patch to a pool, which must exist. */
  public static Edit patchPool(String pool, JsonNode patch) {
    return before -> {
      ObjectNode root = copy(before);
      ObjectNode pools = child(root, POOLS);
      pools.set(pool, MergePatch.apply(existing(pools, pool, "pool " + pool), patch));
      return root;
    };
  }

  /** Removes a pool, which must exist. */
  public static Edit deletePool(String pool) {
    return before -> {
      ObjectNode root = copy(before);
      ObjectNode pools = child(root, POOLS);
      existing(pools, pool, "pool " + pool);
      pools.remove(pool);
      return root;
    };
  }

  /** Adds or replaces a backend of a pool, which must exist. */
  public static Edit putBackend(String pool, String backend, JsonNode value) {
    return before -> {
      ObjectNode root = copy(before);
      backends(root, pool).set(backend, withoutNulls(value));
      return root;
    };
  }

  /** Applies a JSON merge patch to a backend, which must exist. */
  public static Edit patchBackend(String pool, String backend, JsonNode patch) {
    return before -> {
      ObjectNode root = copy(before);
      ObjectNode backends = backends(root, pool);
      JsonNode old = existing(backends, backend, named(pool, backend));
      backends.set(backend, MergePatch.apply(old, patch));
      return root;
    };
  }

  /** Removes a backend, which must exist. */
  public static Edit deleteBackend(String pool, String backend) {
    return before -> {
      ObjectNode root = copy(before);
      ObjectNode backends = backends(root, pool);
      existing(backends, backend, named(pool, backend));
      backends.remove(backend);
      return root;
    };
  }

  private static String named(String pool, String backend) {
    return "backend " + backend + " in pool " + pool;
  }

  private static ObjectNode backends(ObjectNode root, String pool) throws Refused {
    ObjectNode pools = child(root, POOLS);
    existing(pools, pool, "pool " + pool);
    return child(child(pools, pool), BACKENDS);
  }

  private static JsonNode existing(ObjectNode parent, String name, String what) throws Refused {
    JsonNode found = parent.get(name);
    if (found == null) {
      throw new Refused(Kind.NOT_FOUND, "there is no " + what);
    }
    return found;
  }

  /** A copy of the child, put in its place; an empty object where there is none. */
  private static ObjectNode child(ObjectNode parent, String name) {
    ObjectNode copied = copy(parent.get(name));
    parent.set(name, copied);
    return copied;
  }

  /** A shallow copy; an empty object for what is not an object. */
  private static ObjectNode copy(JsonNode node) {
    ObjectNode copied = JsonNodeFactory.instance.objectNode();
    if (node instanceof ObjectNode object) {
      copied.setAll(object);
    }
    return copied;
  }

  /** A merge patch on nothing leaves out what is null. */
  private static JsonNode withoutNulls(JsonNode value) {
    return MergePatch.apply(null, value);
  }
}
