package dev.weir.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.core.config.ListenerConfig;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which conditions a request meets. */
final class RouteMatchTest {
  private static final Client STRANGER = Clients.at("192.0.2.7");

  private static Router router(String match) {
    return new Router(
        Yaml.listener("routes: [{ name: yes, match: " + match + ", pool: web }]"), Map.of());
  }

  private static boolean matches(Router router, Head head, Client client) {
    assertThat(head.fault).isNull();
    Route route = router.route(head, client);
    assertThat(head.fault).isNull();
    return route != null;
  }

  /** A request {@code METHOD TARGET} with further lines, separated by {@code |}. */
  private static Head head(String request) {
    String[] lines = request.split("\\|");
    StringBuilder text = new StringBuilder(lines[0]).append(" HTTP/1.1\r\n");
    boolean host = false;
    for (int i = 1; i < lines.length; i++) {
      text.append(lines[i]).append("\r\n");
      host |= lines[i].startsWith("Host:");
    }
    return Heads.request(text.append(host ? "" : "Host: h\r\n").append("\r\n").toString());
  }

  @ParameterizedTest(name = "{0} takes {1}: {2}")
  @CsvSource(
      delimiter = '!',
      quoteCharacter = '~',
      textBlock =
          """
          { path: { exact: /a } } ! GET /a ! true
          { path: { exact: /a } } ! GET /a?b ! true
          { path: { exact: /a } } ! GET /a/ ! false
          { path: { exact: /a } } ! GET /A ! false
          { path: { prefix: /a } } ! GET /a/b ! true
          { path: { prefix: /a } } ! GET /ab ! false
          { path: { pattern: "/users/{id}/orders" } } ! GET /users/7/orders ! true
          { path: { pattern: "/users/{id}/orders" } } ! GET /users//orders ! false
          { path: { pattern: "/users/{id}/orders" } } ! GET /users/7/8/orders ! false
          { path: { pattern: "/users/{id}/orders" } } ! GET /users/7/orders/ ! false
          { path: { pattern: "/users/{id}" } } ! GET /users/7%2f8 ! true
          { path: { pattern: "/users/{id}" } } ! GET /users/ ! false
          { path: { pattern: "/files/{all*}" } } ! GET /files/a/b/c ! true
          { path: { pattern: "/files/{all*}" } } ! GET /files/ ! true
          { path: { pattern: "/files/{all*}" } } ! GET /files ! false
          { path: { regex: "/v[0-9]+/.*" } } ! GET /v12/x ! true
          { path: { regex: "/v[0-9]+/.*" } } ! GET /v/x ! false
          { path: { regex: "/v[0-9]+" } } ! GET /v1/more ! false
          { path: { regex: "/v[0-9]+" } } ! GET /a/../v1 ! true
          { methods: [GET, PURGE] } ! PURGE / ! true
          { methods: [GET, PURGE] } ! POST / ! false
          { methods: [GET] } ! GETS / ! false
          { headers: [{ name: X-A, exact: "1" }] } ! GET /|x-a: 1 ! true
          { headers: [{ name: X-A, exact: "1" }] } ! GET /|X-A:  1 \t! true
          { headers: [{ name: X-A, exact: "1" }] } ! GET /|X-A: 11 ! false
          { headers: [{ name: X-A, exact: "1" }] } ! GET /|X-A: 0|X-A: 1 ! true
          { headers: [{ name: X-A, exact: "1" }] } ! GET /|X-A: 0, 1 ! true
          { headers: [{ name: X-A, exact: "1" }] } ! GET /|X-A: 0 ,\t1 , 2 ! true
          { headers: [{ name: X-A, exact: "1" }] } ! GET /|X-AB: 1 ! false
          { headers: [{ name: X-A, exact: "0, 1" }] } ! GET /|X-A: 0, 1 ! true
          { headers: [{ name: X-A, prefix: Moz }] } ! GET /|X-A: Mozilla ! true
          { headers: [{ name: X-A, prefix: Moz }] } ! GET /|X-A: IE, Mozilla ! true
          { headers: [{ name: X-A, prefix: Moz }] } ! GET /|X-A: aMoz ! false
          { headers: [{ name: X-A, regex: "[a-c]+" }] } ! GET /|X-A: abc ! true
          { headers: [{ name: X-A, regex: "[a-c]+" }] } ! GET /|X-A: abcd ! false
          { headers: [{ name: X-A }] } ! GET /|X-A: ! true
          { headers: [{ name: X-A, present: true }] } ! GET / ! false
          { headers: [{ name: X-A, present: false }] } ! GET / ! true
          { headers: [{ name: X-A, present: false }] } ! GET /|X-A: ! false
          { headers: [{ name: X-A }, { name: X-B }] } ! GET /|X-A: 1 ! false
          { headers: [{ name: X-A }, { name: X-B }] } ! GET /|X-A: 1|X-B: 2 ! true
          { headers: [{ name: X-A }] } ! GET /|Connection: x-a|X-A: 1 ! false
          { headers: [{ name: Upgrade, exact: websocket }] } ! GET /|Connection: upgrade|Upgrade: websocket ! true
          { headers: [{ name: Upgrade, exact: websocket }] } ! GET /|Upgrade: websocket ! false
          { headers: [{ name: X-Forwarded-Proto, exact: https }] } ! GET /|X-Forwarded-Proto: https ! false
          { headers: [{ name: X-Forwarded-Anything }] } ! GET /|X-Forwarded-Anything: 1 ! false
          { headers: [{ name: X_A }] } ! GET /|X_A: 1 ! false
          { query: [{ name: a, exact: "1" }] } ! GET /?a=1 ! true
          { query: [{ name: a, exact: "1" }] } ! GET /?b=2&a=1&c ! true
          { query: [{ name: a, exact: "1" }] } ! GET /?a=2&a=1 ! true
          { query: [{ name: a, exact: "1" }] } ! GET /?a=%31 ! true
          { query: [{ name: a, exact: "1" }] } ! GET /?%61=1 ! true
          { query: [{ name: a, exact: "x y" }] } ! GET /?a=x+y ! true
          { query: [{ name: a, exact: "x y" }] } ! GET /?a=x%20y ! true
          { query: [{ name: a, exact: "1" }] } ! GET /?aa=1 ! false
          { query: [{ name: a, exact: "1" }] } ! GET /a=1 ! false
          { query: [{ name: a }] } ! GET /?a ! true
          { query: [{ name: a, exact: "" }] } ! GET /?a ! true
          { query: [{ name: a }] } ! GET / ! false
          { query: [{ name: a, present: false }] } ! GET /?b ! true
          { query: [{ name: a, present: false }] } ! GET /?b&a= ! false
          { query: [{ name: "user[id]", regex: "[0-9]+" }] } ! GET /?user%5Bid%5d=42 ! true
          { query: [{ name: a, exact: "%" }] } ! GET /?a=% ! true
          { cookies: [{ name: tier, exact: gold }] } ! GET /|Cookie: tier=gold ! true
          { cookies: [{ name: tier, exact: gold }] } ! GET /|Cookie: a=b; tier=gold; c=d ! true
          { cookies: [{ name: tier, exact: gold }] } ! GET /|Cookie: a=b|Cookie: tier=gold ! true
          { cookies: [{ name: tier, exact: gold }] } ! GET /|Cookie: tier="gold" ! true
          { cookies: [{ name: tier, exact: gold }] } ! GET /|Cookie: xtier=gold ! false
          { cookies: [{ name: tier, exact: gold }] } ! GET /|Cookie: Tier=gold ! false
          { cookies: [{ name: tier, exact: gold }] } ! GET /|Cookie: tier=golden ! false
          { cookies: [{ name: tier, present: false }] } ! GET /|Cookie: tie=1 ! true
          { sources: [192.0.2.0/24] } ! GET / ! true
          { sources: [198.51.100.0/24, "2001:db8::/32"] } ! GET / ! false
          { hosts: [a.example] } ! GET /|Host: A.Example.:80 ! true
          { any: [{ hosts: [a.example] }, { hosts: ["*.b.example"] }] } ! GET /|Host: x.b.example ! true
          { any: [{ hosts: [a.example] }, { hosts: ["*.b.example"] }] } ! GET /|Host: b.example ! false
          { not: { methods: [GET] } } ! GET / ! false
          { not: { methods: [GET] } } ! PUT / ! true
          { not: { headers: [{ name: X-A, exact: bad }] } } ! GET /|X-A: good|X-A: bad ! false
          { not: { headers: [{ name: X-A, exact: bad }] } } ! GET /|X-A: good, bad ! false
          { all: [{ path: { prefix: /a } }, { not: { path: { prefix: /a/b } } }] } ! GET /a/c ! true
          { all: [{ path: { prefix: /a } }, { not: { path: { prefix: /a/b } } }] } ! GET /a/b ! false
          { any: [{ methods: [PUT] }, { all: [{ methods: [GET] }, { query: [{ name: q }] }] }] } ! GET /?q ! true
          { any: [{ methods: [PUT] }, { all: [{ methods: [GET] }, { query: [{ name: q }] }] }] } ! GET / ! false
          { path: { prefix: /a }, methods: [GET], any: [{ query: [{ name: q }] }] } ! GET /a?q ! true
          { path: { prefix: /a }, methods: [GET], any: [{ query: [{ name: q }] }] } ! GET /b?q ! false
          {} ! GET / ! true
          """)
  void theTableOfConditions(String match, String request, boolean expected) {
    assertThat(matches(router(match), head(request), STRANGER)).isEqualTo(expected);
  }

  @Test
  void forwardedHeadersOfATrustedProxyAreSeen() {
    Router router = router("{ headers: [{ name: X-Forwarded-Proto, exact: https }] }");
    Head head = head("GET /|X-Forwarded-Proto: https");
    assertThat(matches(router, head, Clients.trusted("192.0.2.7"))).isTrue();
  }

  @Test
  void addressesOfBothFamiliesAreCompared() {
    Router router = router("{ sources: [192.0.2.0/24, \"2001:db8::/32\"] }");
    assertThat(matches(router, head("GET /"), Clients.at("2001:db8::1"))).isTrue();
    assertThat(matches(router, head("GET /"), Clients.at("::ffff:192.0.2.9"))).isTrue();
    assertThat(matches(router, head("GET /"), Clients.at("2001:db9::1"))).isFalse();
  }

  @Test
  void theFallbackTakesWhatNoRouteTakes() {
    ListenerConfig config =
        Yaml.listener(
            """
            routes:
              - { name: a, match: { methods: [PUT] }, pool: web }
              - { name: b, match: { not: { methods: [GET] } }, pool: web }
            pool: web
            """);
    Router router = new Router(config, Map.of());
    assertThat(router.route(head("PUT /"), STRANGER).name).isEqualTo("a");
    assertThat(router.route(head("POST /"), STRANGER).name).isEqualTo("b");
    assertThat(router.route(head("GET /"), STRANGER).order).isEqualTo(2);
  }
}
