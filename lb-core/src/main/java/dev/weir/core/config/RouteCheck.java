package dev.weir.core.config;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/**
 * Checks what concerns more than one value of a route: things that exclude one another, and how
 * much there may be. What only the protocol knows, such as expressions, is for the protocol to
 * check. Used by {@link CrossCheck}, one for each listener.
 */
final class RouteCheck {
  private static final List<String> ACTIONS = List.of("pool", "split", "redirect", "respond");
  private static final List<String> OF_BACKENDS =
      List.of("rewrite", "requestHeaders", "responseHeaders", "timeouts", "retries", "bodyBytes");

  private static final List<String> OF_TCP_ROUTES = List.of("name", "match", "pool");
  private static final List<String> OF_TCP_MATCHES =
      List.of("sni", "alpn", "sources", "all", "any", "not");

  private final BiConsumer<String, JsonNode> pool;
  private final boolean tcp;
  private final Problems problems;
  private final Map<String, Integer> names = new HashMap<>();
  private int conditions;

  /**
   * A check.
   *
   * @param pool checks a reference to a pool
   * @param tcp whether the routes take connections, not requests
   */
  RouteCheck(BiConsumer<String, JsonNode> pool, boolean tcp, Problems problems) {
    this.pool = pool;
    this.tcp = tcp;
    this.problems = problems;
  }

  void routes(String path, JsonNode routes) {
    for (int i = 0; i < routes.size() && !problems.isFull(); i++) {
      JsonNode route = routes.get(i);
      if (route.isObject()) {
        route(Pointers.child(path, i), route, i);
      }
    }
  }

  private void route(String path, JsonNode route, int index) {
    JsonNode name = route.path("name");
    Integer first = name.isString() ? names.putIfAbsent(name.stringValue(), index) : null;
    if (first != null) {
      problems.addFirst(path + "/name", "is the name of routes/" + first + " already");
    }
    if (tcp) {
      action(path, route);
    } else {
      actions(path, route);
    }
    pool.accept(path + "/pool", route.path("pool"));
    split(path, route);
    few(path + "/allow", route.path("allow"));
    few(path + "/deny", route.path("deny"));
    conditions = 0;
    condition(path + "/match", route.path("match"), 1);
  }

  private void action(String path, JsonNode route) {
    if (!route.has("pool")) {
      problems.addFirst(path, "'pool' is missing: a route of a tcp listener leads to one");
    }
    onlyOfTcp(path, route, OF_TCP_ROUTES, "a route of a tcp listener has only ");
  }

  private void onlyOfTcp(String path, JsonNode node, List<String> known, String sentence) {
    for (String key : node.propertyNames()) {
      if (!known.contains(key)) {
        problems.addFirst(
            Pointers.child(path, key),
            "is for requests of http; " + sentence + String.join(", ", known));
      }
    }
  }

  private void actions(String path, JsonNode route) {
    List<String> given = ACTIONS.stream().filter(route::has).toList();
    if (given.size() != 1) {
      String is = given.isEmpty() ? "has none" : "has '" + String.join("' and '", given) + "'";
      problems.addFirst(
          path, "must have exactly one of 'pool', 'split', 'redirect' and 'respond'; " + is);
      return;
    }
    boolean own = given.get(0).equals("redirect") || given.get(0).equals("respond");
    for (String part : OF_BACKENDS) {
      if (own && route.has(part)) {
        problems.addFirst(
            path + "/" + part, "has no effect: '" + given.get(0) + "' asks no backend");
      }
    }
    if (route.has("splitBy") && !route.has("split")) {
      problems.addFirst(path + "/splitBy", "has no effect without 'split'");
    }
    rewrite(path + "/rewrite", route.path("rewrite"));
  }

  private void rewrite(String path, JsonNode rewrite) {
    if (!rewrite.isObject()) {
      return;
    }
    List<String> paths = Stream.of("prefix", "path", "regex").filter(rewrite::has).toList();
    if (paths.size() > 1) {
      problems.addFirst(path, "must have at most one of 'prefix', 'path' and 'regex'");
    } else if (paths.isEmpty() && !rewrite.has("host")) {
      problems.addFirst(path, "must have one of 'prefix', 'path', 'regex' and 'host'");
    }
    if (rewrite.has("regex") != rewrite.has("with")) {
      problems.addFirst(path, "'regex' and 'with' go together");
    }
  }

  private void split(String path, JsonNode route) {
    JsonNode split = route.path("split");
    long total = 0;
    for (int i = 0; i < split.size(); i++) {
      pool.accept(path + "/split/" + i + "/pool", split.get(i).path("pool"));
      total += split.get(i).path("weight").asLong(0);
    }
    if (few(path + "/split", split) && split.isArray() && total == 0) {
      problems.addFirst(path + "/split", "the weights must be more than 0 together");
    }
  }

  private boolean few(String path, JsonNode list) {
    if (list.size() > Bounds.ROUTE_LIST) {
      problems.addFirst(
          path, list.size() + " elements are more than the limit of " + Bounds.ROUTE_LIST);
    }
    return list.size() <= Bounds.ROUTE_LIST;
  }

  private void condition(String path, JsonNode match, int depth) {
    if (!match.isObject()) {
      return;
    }
    if (depth > Bounds.CONDITION_DEPTH) {
      problems.addFirst(
          path, "more than " + Bounds.CONDITION_DEPTH + " conditions inside one another");
      return;
    }
    if (++conditions == Bounds.CONDITIONS + 1) {
      problems.addFirst(path, "more than " + Bounds.CONDITIONS + " conditions in one route");
    }
    if (tcp) {
      onlyOfTcp(path, match, OF_TCP_MATCHES, "connections are matched by ");
    } else {
      notYet(path + "/sni", match.path("sni"));
      notYet(path + "/alpn", match.path("alpn"));
    }
    one(path + "/path", match.path("path"), List.of("exact", "prefix", "pattern", "regex"));
    for (String list : List.of("headers", "query", "cookies")) {
      few(path + "/" + list, match.path(list));
      for (int i = 0; i < match.path(list).size(); i++) {
        value(path + "/" + list + "/" + i, match.path(list).get(i));
      }
    }
    for (String list : List.of("hosts", "methods", "sources", "sni", "alpn")) {
      few(path + "/" + list, match.path(list));
    }
    for (String list : List.of("all", "any")) {
      JsonNode parts = match.path(list);
      for (int i = 0; i < parts.size(); i++) {
        condition(path + "/" + list + "/" + i, parts.get(i), depth + 1);
      }
      if (parts.isArray() && parts.isEmpty()) {
        problems.addFirst(path + "/" + list, "must not be an empty list");
      }
    }
    condition(path + "/not", match.path("not"), depth + 1);
  }

  private void notYet(String path, JsonNode given) {
    if (!given.isMissingNode()) {
      problems.addFirst(path, "needs TLS termination, which http listeners do not have yet");
    }
  }

  private void value(String path, JsonNode value) {
    List<String> given =
        Stream.of("exact", "prefix", "regex", "present").filter(value::has).toList();
    if (value.isObject() && given.size() > 1) {
      problems.addFirst(path, "must have at most one of 'exact', 'prefix', 'regex' and 'present'");
    }
  }

  private void one(String path, JsonNode node, List<String> keys) {
    if (node.isObject() && keys.stream().filter(node::has).count() != 1) {
      problems.addFirst(
          path,
          "must have exactly one of '"
              + String.join("', '", keys.subList(0, keys.size() - 1))
              + "' and '"
              + keys.get(keys.size() - 1)
              + "'");
    }
  }
}
