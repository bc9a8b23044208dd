package dev.weir.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.core.config.HostPort;
import dev.weir.core.config.ListenerConfig;
import dev.weir.core.config.MatchConfig;
import dev.weir.core.config.RouteConfig;
import dev.weir.core.control.ThreadControlLoop;
import dev.weir.core.control.Ticker;
import dev.weir.core.pool.Pool;
import dev.weir.core.testing.TestPools;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/** Which pool a request goes to. */
final class RouterTest {
  private static final ThreadControlLoop CONTROL = new ThreadControlLoop(Ticker.system());
  private static final Map<String, Pool> POOLS = new LinkedHashMap<>();

  @AfterAll
  static void close() {
    CONTROL.close();
  }

  private static Pool pool(String name) {
    return POOLS.computeIfAbsent(name, n -> TestPools.of(n, CONTROL));
  }

  /**
   * Routes written as {@code host path pool}: {@code -} for any, {@code =} before an exact path.
   */
  private static Router router(String fallback, String... routes) {
    List<RouteConfig> configs = new ArrayList<>();
    for (String route : routes) {
      String[] words = route.split(" ");
      MatchConfig.Path path =
          words[1].equals("-")
              ? null
              : words[1].startsWith("=")
                  ? MatchConfig.Path.ofExact(words[1].substring(1))
                  : MatchConfig.Path.ofPrefix(words[1]);
      List<String> hosts = words[0].equals("-") ? List.of() : List.of(words[0].split(","));
      configs.add(RouteConfig.of(MatchConfig.of(hosts, path), words[2]));
      pool(words[2]);
    }
    if (fallback != null) {
      pool(fallback);
    }
    return new Router(
        new ListenerConfig(
            new HostPort("127.0.0.1", 0), "http", configs, fallback, null, null, List.of()),
        POOLS);
  }

  private static String route(Router router, String host, String target) {
    Head head =
        Heads.request(
            host == null
                ? "GET " + target + " HTTP/1.0\r\n\r\n"
                : "GET " + target + " HTTP/1.1\r\nHost: " + host + "\r\n\r\n");
    assertThat(head.fault).isNull();
    Route route = router.route(head, Clients.at("192.0.2.1"));
    return route == null ? null : route.pool.name();
  }

  @Test
  void theFirstRouteThatMatchesWins() {
    Router router = router("rest", "a,b /x one", "- /x two", "a - three", "*.a /y four");
    assertThat(route(router, "a", "/x")).isEqualTo("one");
    assertThat(route(router, "B:8080", "/x/y?z")).isEqualTo("one");
    assertThat(route(router, "c", "/x")).isEqualTo("two");
    assertThat(route(router, null, "/x")).isEqualTo("two");
    assertThat(route(router, "a", "/xx")).isEqualTo("three");
    assertThat(route(router, "A.", "/")).isEqualTo("three");
    assertThat(route(router, "sub.a", "/y")).isEqualTo("four");
    assertThat(route(router, "sub.a", "/x")).isEqualTo("two");
    assertThat(route(router, "b", "/y")).isEqualTo("rest");
  }

  @Test
  void withoutAMatchAndWithoutAFallbackThereIsNone() {
    Router router = router(null, "a /x one");
    assertThat(route(router, "a", "/y")).isNull();
    assertThat(route(router, "b", "/x")).isNull();
  }

  @Test
  void prefixesEndAtASlash() {
    Router router = router(null, "- /a one", "- /b/ two", "- =/c three", "- / rest");
    assertThat(route(router, "h", "/a")).isEqualTo("one");
    assertThat(route(router, "h", "/a/")).isEqualTo("one");
    assertThat(route(router, "h", "/a?x")).isEqualTo("one");
    assertThat(route(router, "h", "/ab")).isEqualTo("rest");
    assertThat(route(router, "h", "/b/x")).isEqualTo("two");
    assertThat(route(router, "h", "/b")).isEqualTo("rest");
    assertThat(route(router, "h", "/c?x")).isEqualTo("three");
    assertThat(route(router, "h", "/c/")).isEqualTo("rest");
    assertThat(route(router, "h", "/A")).isEqualTo("rest");
  }

  @Test
  void theNormalisedPathIsMatchedAndEncodedDelimitersAreNotDecoded() {
    Router router = router(null, "- /admin admin", "- / open");
    assertThat(route(router, "h", "/x/../admin")).isEqualTo("admin");
    assertThat(route(router, "h", "/%61dmin")).isEqualTo("admin");
    assertThat(route(router, "h", "/./admin/x")).isEqualTo("admin");
    assertThat(route(router, "h", "/x/%2e%2e/admin")).isEqualTo("admin");
    assertThat(route(router, "h", "/admin/../x")).isEqualTo("open");
    assertThat(route(router, "h", "/admin%2fx")).isEqualTo("open");
    assertThat(route(router, "h", "//admin")).isEqualTo("open");
    assertThat(route(router, "h", "/admin;x")).isEqualTo("open");
  }

  @Test
  void suffixesTakeEverySubdomainButNotTheNameItself() {
    Router router = router("rest", "*.example.com - sub", "www.example.com - exact");
    assertThat(route(router, "x.example.com", "/")).isEqualTo("sub");
    assertThat(route(router, "a.b.Example.com:81", "/")).isEqualTo("sub");
    assertThat(route(router, "example.com", "/")).isEqualTo("rest");
    assertThat(route(router, "xexample.com", "/")).isEqualTo("rest");
    assertThat(route(router, "x.example.com.evil", "/")).isEqualTo("rest");
    // The suffix came first.
    assertThat(route(router, "www.example.com", "/")).isEqualTo("sub");
  }

  @Test
  void theAuthorityOfAnAbsoluteTargetIsTheHost() {
    Router router = router("rest", "a - one", "b - two");
    assertThat(route(router, "b", "http://a/x")).isEqualTo("one");
    assertThat(route(router, "a", "http://B:80")).isEqualTo("two");
    assertThat(route(router, "[::1]:80", "/")).isEqualTo("rest");
  }

  @Test
  void tenThousandHostsAreToldApart() {
    String[] routes = new String[10_000];
    for (int i = 0; i < routes.length; i++) {
      routes[i] = "h" + i + ".example.com /p" + i % 7 + " pool" + i % 13;
    }
    Router router = router("rest", routes);
    for (int i = 0; i < routes.length; i += 37) {
      String host = "h" + i + ".example.com";
      assertThat(route(router, host, "/p" + i % 7 + "/x")).isEqualTo("pool" + i % 13);
      assertThat(route(router, host, "/p" + (i + 1) % 7)).isEqualTo("rest");
    }
    assertThat(route(router, "h10000.example.com", "/p0")).isEqualTo("rest");
  }
}
