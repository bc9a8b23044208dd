package dev.weir.core.config;

import java.util.Map;
import tools.jackson.databind.JsonNode;

/** Refuses configurations with too many objects, before anything else looks at them. */
final class CountCheck {
  private CountCheck() {}

  /** Whether the numbers are within {@link Bounds}. */
  static boolean check(JsonNode tree, Problems problems) {
    if (!tree.isObject()) {
      problems.add("", "the top level must be a map such as 'listeners:' or 'pools:'");
      return false;
    }
    JsonNode listeners = tree.path("listeners");
    JsonNode pools = tree.path("pools");
    boolean few = few("/listeners", listeners.size(), Bounds.LISTENERS, "listeners", problems);
    few &= few("/pools", pools.size(), Bounds.POOLS, "pools", problems);
    int backends = 0;
    for (JsonNode pool : pools) {
      backends += pool.path("backends").size();
    }
    few &= few("/pools", backends, Bounds.BACKENDS, "backends", problems);
    for (Map.Entry<String, JsonNode> listener : listeners.properties()) {
      String path = Pointers.child("/listeners", listener.getKey()) + "/routes";
      int routes = listener.getValue().path("routes").size();
      few &= few(path, routes, Bounds.ROUTES, "routes", problems);
    }
    return few;
  }

  private static boolean few(String path, int count, int most, String what, Problems problems) {
    if (count > most) {
      problems.add(path, count + " " + what + " are more than the limit of " + most);
    }
    return count <= most;
  }
}
