package dev.weir.core.config;

import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;
import tools.jackson.databind.JsonNode;

/**
 * Checks {@code allDown} of all pools together: that those who stand in exist and do not lead back,
 * and that sockets are closed for tcp listeners only. Works on the tree; used by {@link
 * CrossCheck}.
 */
final class AllDownCheck {
  private final JsonNode tree;
  private final BiConsumer<String, JsonNode> reference;
  private final Problems problems;
  private final Leads leads;

  /**
   * A check.
   *
   * @param reference checks the name of a pool, at a path
   */
  AllDownCheck(JsonNode tree, BiConsumer<String, JsonNode> reference, Problems problems) {
    this.tree = tree;
    this.reference = reference;
    this.problems = problems;
    leads = new Leads(tree);
  }

  void check() {
    for (Map.Entry<String, JsonNode> pool : tree.path("pools").properties()) {
      JsonNode standIn = pool.getValue().path("allDown").path("pool");
      if (standIn.isString()) {
        reference.accept(path(pool.getKey()) + "/pool", standIn);
        chain(pool.getKey());
      }
    }
    for (Map.Entry<String, JsonNode> listener : tree.path("listeners").properties()) {
      if (!Leads.tcp(listener.getValue())) {
        leads.of(listener.getValue()).forEach(pool -> closes(listener.getKey(), pool));
      }
    }
  }

  private static String path(String pool) {
    return Pointers.child("/pools", pool) + "/allDown";
  }

  /** Reports a chain that is too long, and a circle once: at its first pool in order. */
  private void chain(String first) {
    Set<String> seen = new LinkedHashSet<>();
    String at = first;
    while (at != null && seen.size() <= AllDownConfig.MOST_STANDING_IN && seen.add(at)) {
      at = leads.standIn(at);
    }
    if (at == null) {
      return;
    }
    if (seen.size() > AllDownConfig.MOST_STANDING_IN) {
      problems.addFirst(
          path(first) + "/pool",
          "more than " + AllDownConfig.MOST_STANDING_IN + " pools stand in for one another");
    } else if (at.equals(first) && first.equals(earliest(seen))) {
      problems.addFirst(
          path(first) + "/pool",
          "leads back to itself: " + String.join(" -> ", seen) + " -> " + first);
    }
  }

  private String earliest(Set<String> names) {
    return tree.path("pools").propertyNames().stream()
        .filter(names::contains)
        .findFirst()
        .orElseThrow();
  }

  private void closes(String listener, String pool) {
    if (tree.path("pools").path(pool).path("allDown").asString("").equals("close")) {
      problems.addFirst(
          path(pool),
          "'close' is for tcp listeners, and the listener "
              + Quote.text(listener)
              + ", which is none, leads here");
    }
  }
}
