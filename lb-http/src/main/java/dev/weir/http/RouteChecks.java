package dev.weir.http;

import dev.weir.core.config.ListenerConfig;
import dev.weir.core.config.MatchConfig;
import dev.weir.core.config.Pointers;
import dev.weir.core.config.Problem;
import dev.weir.core.config.RouteConfig;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Finds routes that cannot mean what they say: malformed ones, and those that can never match. Made
 * for one check of one listener.
 */
final class RouteChecks {
  private static final Set<String> METHODS =
      Set.of("GET", "HEAD", "PUT", "DELETE", "OPTIONS", "POST", "PATCH");

  private final Consumer<Problem> problems;

  private RouteChecks(Consumer<Problem> problems) {
    this.problems = problems;
  }

  static void check(String path, ListenerConfig config, Consumer<Problem> problems) {
    RouteChecks checks = new RouteChecks(problems);
    ActionChecks actions = new ActionChecks(checks);
    List<RouteConfig> routes = Router.routes(config);
    Coverage coverage = new Coverage();
    for (int i = 0; i < routes.size(); i++) {
      RouteConfig route = routes.get(i);
      String at = i < config.routes().size() ? path + "/routes/" + i : path + "/pool";
      if (route.match() != null) {
        checks.match(at + "/match", route.match());
      }
      actions.check(at, route);
      int by = coverage.coveredBy(route);
      if (by >= 0) {
        checks.wrong(at, "can never match: routes/" + by + " takes what is left for it");
      }
      coverage.add(route, i);
    }
    checks.errors(path + "/errors", config);
  }

  void wrong(String path, String message) {
    problems.accept(Problem.at(path, message));
  }

  /** Runs something that may find a text wrong. */
  void sentence(String path, Runnable parse) {
    try {
      parse.run();
    } catch (IllegalArgumentException e) {
      wrong(path, e.getMessage());
    }
  }

  private void match(String path, MatchConfig match) {
    for (int i = 0; i < match.hosts().size(); i++) {
      host(path + "/hosts/" + i, match.hosts().get(i));
    }
    if (match.path() != null) {
      path(path + "/path", match.path());
    }
    for (int i = 0; i < match.methods().size(); i++) {
      method(path + "/methods/" + i, match.methods().get(i));
    }
    values(path + "/headers", match.headers(), true);
    values(path + "/query", match.query(), false);
    values(path + "/cookies", match.cookies(), true);
    for (int i = 0; i < match.all().size(); i++) {
      match(path + "/all/" + i, match.all().get(i));
    }
    for (int i = 0; i < match.any().size(); i++) {
      match(path + "/any/" + i, match.any().get(i));
    }
    if (match.not() != null) {
      match(path + "/not", match.not());
    }
  }

  private void host(String path, String host) {
    String name = Hosts.isPattern(host) ? host.substring(2) : host;
    byte[] bytes = Chars.bytes(name);
    boolean bracketed = name.startsWith("[");
    if (!FieldRules.validHost(bytes, 0, bytes.length)
        || name.contains("*")
        || (!bracketed && name.contains(":"))) {
      wrong(path, "'" + host + "' is neither a host name without port nor *.suffix");
    }
  }

  private void path(String at, MatchConfig.Path path) {
    if (path.exact() != null) {
      normal(at + "/exact", path.exact(), path.exact());
    } else if (path.prefix() != null) {
      normal(at + "/prefix", path.prefix(), path.prefix());
    } else if (path.pattern() != null) {
      normal(at + "/pattern", path.pattern(), path.pattern().replaceAll("\\{[^{}/]*}", "x"));
      sentence(at + "/pattern", () -> Segments.of(path.pattern()));
    } else {
      sentence(at + "/regex", () -> Regex.compile(path.regex()));
    }
  }

  /**
   * Whether paths can look like this once they are in their normal form.
   *
   * @param text as written
   * @param path with variables filled in
   */
  private void normal(String at, String text, String path) {
    String shown = "'" + FieldNames.shown(text) + "'";
    if (!path.startsWith("/")) {
      wrong(at, shown + " must begin with /");
      return;
    }
    for (int i = 0; i < path.length(); i++) {
      char c = path.charAt(i);
      if (c >= 0x80 || !Chars.is((byte) c, Chars.TARGET) || c == '?') {
        wrong(at, shown + " holds a character that no path can hold; percent-encode it");
        return;
      }
    }
    byte[] bytes = Chars.bytes(path);
    byte[] normal = PathRules.checked(bytes);
    if (normal == null) {
      wrong(at, shown + " is a path that is always refused");
    } else if (!Arrays.equals(normal, bytes)) {
      String right = Chars.text(normal, 0, normal.length);
      wrong(at, "can never match: paths are matched as '" + right + "'; write that");
    }
  }

  private void method(String path, String method) {
    if (!FieldNames.isToken(method)) {
      wrong(path, "'" + FieldNames.shown(method) + "' is not a method");
    } else if (!METHODS.contains(method) && METHODS.contains(method.toUpperCase(Locale.ROOT))) {
      wrong(path, "methods are case-sensitive; write " + method.toUpperCase(Locale.ROOT));
    } else if (method.equals("CONNECT") || method.equals("TRACE")) {
      wrong(path, "can never match: " + method + " is refused (405)");
    }
  }

  private void values(String path, List<MatchConfig.Value> values, boolean tokens) {
    for (int i = 0; i < values.size(); i++) {
      MatchConfig.Value value = values.get(i);
      String at = Pointers.child(path, i);
      if (tokens && !FieldNames.isToken(value.name())) {
        wrong(at + "/name", "'" + FieldNames.shown(value.name()) + "' is not a valid name");
      }
      if (value.regex() != null) {
        sentence(at + "/regex", () -> Regex.compile(value.regex()));
      }
    }
  }

  private void errors(String path, ListenerConfig config) {
    for (String status : config.errors().keySet()) {
      if (!status.matches("[45]\\d\\d")) {
        wrong(
            Pointers.child(path, status),
            "'" + FieldNames.shown(status) + "' must be a status of an error, 400..599");
      }
    }
  }
}
