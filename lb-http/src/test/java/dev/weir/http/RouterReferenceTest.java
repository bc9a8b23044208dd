package dev.weir.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.core.config.HostPort;
import dev.weir.core.config.ListenerConfig;
import dev.weir.core.config.MatchConfig;
import dev.weir.core.config.Problem;
import dev.weir.core.config.RouteConfig;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/**
 * A thousand random sets of routes: the router decides as a slow one of a few plain lines does, and
 * a route that the check calls unreachable is reached by none of many requests.
 */
final class RouterReferenceTest {
  private static final long SEED = 20261120;
  private static final int SETS = 1000;
  private static final int REQUESTS = 60;
  private static final String[] HOSTS = {
    "a", "b.a", "c.b.a", "x.c.b.a", "d", "*.a", "*.b.a", "*.c.b.a", "A", "a."
  };
  private static final String[] PATHS = {"/", "/p", "/p/", "/p/q", "/p/q/r", "/pq", "/s", "*"};
  private static final String[] METHODS = {"GET", "PUT", "OPTIONS"};

  private final SplittableRandom random = new SplittableRandom(SEED);

  private record Request(String method, String host, String path, String value) {}

  private String of(String... texts) {
    return texts[random.nextInt(texts.length)];
  }

  private MatchConfig match(int depth) {
    List<String> hosts = new ArrayList<>();
    for (int i = random.nextInt(4) - 1; i > 0; i--) {
      hosts.add(of(HOSTS));
    }
    MatchConfig.Path path =
        switch (random.nextInt(6)) {
          case 0 -> MatchConfig.Path.ofExact(of("/", "/p", "/p/", "/p/q", "/s"));
          case 1, 2 -> MatchConfig.Path.ofPrefix(of("/", "/p", "/p/", "/p/q", "/s"));
          case 3 -> new MatchConfig.Path(null, null, of("/{x}", "/p/{x}", "/p/{x*}", "/p/q"), null);
          case 4 -> new MatchConfig.Path(null, null, null, of("/p.*", "/(p|s)", ".*"));
          default -> null;
        };
    boolean plain = random.nextInt(3) > 0;
    return new MatchConfig(
        hosts,
        path,
        plain ? List.of() : List.of(of(METHODS)),
        plain ? List.of() : List.of(value("X")),
        random.nextInt(8) > 0 ? List.of() : List.of(value("q")),
        null,
        null,
        null,
        null,
        depth > 0 && random.nextInt(8) == 0 ? List.of(match(depth - 1), match(depth - 1)) : null,
        depth > 0 && random.nextInt(8) == 0 ? List.of(match(depth - 1), match(depth - 1)) : null,
        depth > 0 && random.nextInt(8) == 0 ? match(depth - 1) : null,
        null);
  }

  private MatchConfig.Value value(String name) {
    return switch (random.nextInt(3)) {
      case 0 -> new MatchConfig.Value(name, of("1", "2"), null, null, null);
      case 1 -> new MatchConfig.Value(name, null, of("1", ""), null, null);
      default -> new MatchConfig.Value(name, null, null, null, random.nextBoolean());
    };
  }

  private Request request() {
    String path = of(PATHS);
    return new Request(
        path.equals("*") ? "OPTIONS" : of(METHODS),
        of("a", "b.a", "C.b.a", "x.c.b.a:80", "d", "A.", "z", "z.a"),
        path,
        random.nextInt(3) == 0 ? null : of("1", "2", "12"));
  }

  private static Head head(Request request) {
    String value = request.value;
    String query = value == null || request.path.equals("*") ? "" : "?q=" + value;
    Head head =
        Heads.request(
            request.method
                + " "
                + request.path
                + query
                + " HTTP/1.1\r\nHost: "
                + request.host
                + "\r\n"
                + (value == null ? "" : "X: " + value + "\r\n")
                + "\r\n");
    assertThat(head.fault).isNull();
    return head;
  }

  // ---- the reference: obvious and slow

  private static boolean takes(MatchConfig match, Request request) {
    return (match.hosts().isEmpty() || match.hosts().stream().anyMatch(h -> host(h, request.host)))
        && (match.path() == null || path(match.path(), request.path))
        && (match.methods().isEmpty() || match.methods().contains(request.method))
        && match.headers().stream().allMatch(v -> value(v, request.value))
        && match.query().stream()
            .allMatch(v -> value(v, request.path.equals("*") ? null : request.value))
        && match.all().stream().allMatch(m -> takes(m, request))
        && (match.any().isEmpty() || match.any().stream().anyMatch(m -> takes(m, request)))
        && (match.not() == null || !takes(match.not(), request));
  }

  private static boolean host(String pattern, String host) {
    String name = host.toLowerCase(java.util.Locale.ROOT).replaceAll(":\\d+$", "");
    name = name.replaceAll("\\.$", "");
    String wanted = pattern.toLowerCase(java.util.Locale.ROOT).replaceAll("\\.$", "");
    return wanted.startsWith("*.")
        ? name.endsWith(wanted.substring(1)) && name.length() > wanted.length() - 1
        : name.equals(wanted);
  }

  private static boolean path(MatchConfig.Path wanted, String path) {
    if (wanted.exact() != null) {
      return path.equals(wanted.exact());
    }
    if (wanted.prefix() != null) {
      String prefix = wanted.prefix();
      return path.equals(prefix) || path.startsWith(prefix.endsWith("/") ? prefix : prefix + "/");
    }
    String regex =
        wanted.regex() != null
            ? wanted.regex()
            : wanted.pattern().replaceAll("\\{x\\*}", ".*").replaceAll("\\{x}", "[^/]+");
    return path.matches(regex);
  }

  private static boolean value(MatchConfig.Value wanted, String value) {
    if (Boolean.FALSE.equals(wanted.present())) {
      return value == null;
    }
    return value != null
        && (wanted.exact() == null || value.equals(wanted.exact()))
        && (wanted.prefix() == null || value.startsWith(wanted.prefix()));
  }

  @Test
  void theRouterDecidesAsAnObviousOneDoes() {
    int taken = 0;
    int unreachable = 0;
    for (int set = 0; set < SETS; set++) {
      List<RouteConfig> routes = new ArrayList<>();
      for (int i = 1 + random.nextInt(12); i > 0; i--) {
        routes.add(RouteConfig.of(random.nextInt(12) == 0 ? null : match(2), "web"));
      }
      String fallback = random.nextBoolean() ? "web" : null;
      ListenerConfig config =
          new ListenerConfig(
              new HostPort("127.0.0.1", 0), "http", routes, fallback, null, null, null);
      Router router = new Router(config, Map.of());
      Set<Integer> never = unreachable(config);
      unreachable += never.size();
      for (int i = 0; i < REQUESTS; i++) {
        Request request = request();
        int expected = reference(routes, fallback != null, request);
        Route route = router.route(head(request), Clients.at("192.0.2.1"));
        int found = route == null ? -1 : route.order;
        assertThat(found)
            .as("set %d of seed %d: %s on %s", set, SEED, request, routes)
            .isEqualTo(expected);
        assertThat(never).as("set %d: %s", set, request).doesNotContain(found);
        taken += found >= 0 ? 1 : 0;
      }
    }
    assertThat(taken).isGreaterThan(SETS * REQUESTS / 3);
    assertThat(unreachable).isGreaterThan(SETS / 2);
  }

  private static int reference(List<RouteConfig> routes, boolean fallback, Request request) {
    for (int i = 0; i < routes.size(); i++) {
      if (routes.get(i).match() == null || takes(routes.get(i).match(), request)) {
        return i;
      }
    }
    return fallback ? routes.size() : -1;
  }

  private static Set<Integer> unreachable(ListenerConfig config) {
    List<Problem> problems = new ArrayList<>();
    RouteChecks.check("", config, problems::add);
    Set<Integer> never = new HashSet<>();
    for (Problem problem : problems) {
      if (problem.message().startsWith("can never match: routes/")) {
        never.add(
            problem.path().equals("/pool")
                ? config.routes().size()
                : Integer.parseInt(problem.path().replace("/routes/", "")));
      }
    }
    return never;
  }
}
