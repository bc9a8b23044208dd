package dev.weir.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.weir.core.config.ListenerConfig;
import dev.weir.core.config.PoolConfig;
import dev.weir.core.observe.Cause;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What routes do, as clients and backends see it over real sockets. */
final class RouteActionsTest {
  private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nServer: b\r\n\r\nok";

  private static RawBackend named(String name) throws Exception {
    return RawBackend.answering("HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\n" + name);
  }

  /** A proxy with these keys; every pool that is named, and web, has the one backend. */
  private static Proxy proxy(RawBackend backend, String keys) throws Exception {
    Map<String, RawBackend> backends = new HashMap<>();
    backends.put("web", backend);
    Yaml.pools(keys).forEach(name -> backends.put(name, backend));
    return proxy(backends, keys);
  }

  private static Proxy proxy(Map<String, RawBackend> backends, String keys) throws Exception {
    ListenerConfig config = Yaml.listener(keys);
    Map<String, PoolConfig> pools = new LinkedHashMap<>();
    backends.forEach(
        (name, backend) ->
            pools.put(name, Proxy.withBackends(Proxy.pooling(null), backend.address())));
    return new Proxy(config, pools);
  }

  private static String get(String target, String... lines) {
    StringBuilder text = new StringBuilder("GET " + target + " HTTP/1.1\r\nHost: a.example:81\r\n");
    for (String line : lines) {
      text.append(line).append("\r\n");
    }
    return text.append("\r\n").toString();
  }

  /** The last byte of an answer, which is the name of a pool. */
  private static String pool(RawClient client) throws Exception {
    String answer = client.readResponse();
    return answer.substring(answer.length() - 1);
  }

  private static String location(String answer) {
    return answer.lines().filter(l -> l.startsWith("Location: ")).findFirst().orElse("none");
  }

  @Test
  void routesHaveNamesAndEachLeadsToItsPool() throws Exception {
    try (RawBackend a = named("a");
        RawBackend b = named("b");
        Proxy proxy =
            proxy(
                Map.of("web", a, "other", b),
                """
                routes:
                  - { name: second, match: { query: [{ name: q }] }, pool: other }
                pool: web
                """);
        RawClient client = proxy.client()) {
      assertThat(client.send(get("/?q")).readResponse()).endsWith("\r\n\r\nb");
      assertThat(client.send(get("/")).readResponse()).endsWith("\r\n\r\na");
      await().until(() -> proxy.routes.size() == 2);
      assertThat(proxy.routes).containsExactly("second", "-");
    }
  }

  @Test
  void redirectsLeadWhereTheirTemplatesSay() throws Exception {
    try (RawBackend backend = RawBackend.answering(OK);
        Proxy proxy =
            proxy(
                backend,
                """
                routes:
                  - match: { path: { prefix: /secure } }
                    redirect: { status: 301, scheme: https }
                  - match: { path: { prefix: /port } }
                    redirect: { scheme: https, port: 8443, query: "" }
                  - match: { path: { prefix: /old } }
                    redirect: { status: 308, path: "/new{rest}" }
                  - match: { path: { pattern: "/users/{id}/orders" } }
                    redirect: { host: "{id}.users.example", path: /orders, query: "from={source}" }
                  - match: { path: { regex: "/(?P<year>[0-9]{4})/(.*)" } }
                    redirect: { status: 303, path: "/archive/{2}/{year}" }
                  - redirect: { status: 307, host: "www.{host}", query: "{query}&x" }
                """);
        RawClient client = proxy.client()) {
      String answer = client.send(get("/secure/a?b=c")).readResponse();
      assertThat(answer).startsWith("HTTP/1.1 301 Moved Permanently\r\n").contains("Date: ");
      assertThat(location(answer)).isEqualTo("Location: https://a.example/secure/a?b=c");
      assertThat(location(client.send(get("/port?q")).readResponse()))
          .isEqualTo("Location: https://a.example:8443/port");
      assertThat(location(client.send(get("/old/a/b?c")).readResponse()))
          .isEqualTo("Location: /new/a/b?c");
      assertThat(location(client.send(get("/users/42/orders")).readResponse()))
          .isEqualTo("Location: http://42.users.example/orders?from=127.0.0.1");
      assertThat(location(client.send(get("/2026/a/b")).readResponse()))
          .isEqualTo("Location: /archive/a/b/2026");
      assertThat(location(client.send(get("/z?q")).readResponse()))
          .isEqualTo("Location: http://www.a.example/z?q&x");
      assertThat(backend.connections).hasValue(0);
      await().until(() -> proxy.ended.size() == 6);
      assertThat(proxy.ended).allMatch(end -> end.cause() == Cause.NONE && end.attempts() == 0);
    }
  }

  @Test
  void aRedirectNamesNoOtherHostByItsPathAndRefusesHostsThatAreNone() throws Exception {
    try (RawBackend backend = RawBackend.answering(OK);
        Proxy proxy =
            proxy(
                backend,
                """
                routes:
                  - match: { path: { pattern: "/to/{where}" } }
                    redirect: { host: "{where}" }
                  - match: { path: { prefix: /up } }
                    redirect: { path: "{rest}" }
                  - redirect: {}
                """)) {
      try (RawClient client = proxy.client()) {
        assertThat(location(client.send(get("//evil.example/a")).readResponse()))
            .isEqualTo("Location: /.//evil.example/a");
        assertThat(location(client.send(get("/up//evil.example")).readResponse()))
            .isEqualTo("Location: /.//evil.example");
      }
      for (String where : new String[] {"a@b", "a%2fb", "a%0d%0ab", "a:b:c", "a;b", "[a"}) {
        try (RawClient client = proxy.client()) {
          assertThat(client.send(get("/to/" + where)).readResponse())
              .as(where)
              .startsWith("HTTP/1.1 400 ")
              .doesNotContain("Location");
        }
      }
    }
  }

  @Test
  void aFixedAnswerHasItsStatusHeadersAndBody() throws Exception {
    try (RawBackend backend = RawBackend.answering(OK);
        Proxy proxy =
            proxy(
                backend,
                """
                routes:
                  - match: { path: { exact: /robots.txt } }
                    respond: { body: "User-agent: *\\nDisallow: /\\n", headers: { X-A: "{b}" } }
                  - match: { path: { exact: /nothing } }
                    respond: { status: 204 }
                  - respond: { status: 410, body: "{}", headers: { content-type: application/json } }
                """);
        RawClient client = proxy.client()) {
      assertThat(client.send(get("/robots.txt")).readResponse())
          .startsWith("HTTP/1.1 200 OK\r\n")
          .contains("Content-Type: text/plain; charset=utf-8\r\n", "X-A: {b}\r\n")
          .endsWith("\r\n\r\nUser-agent: *\nDisallow: /\n");
      assertThat(client.send(get("/nothing")).readHead())
          .startsWith("HTTP/1.1 204 No Content\r\n")
          .doesNotContain("Content-Length");
      client.send("HEAD /robots.txt HTTP/1.1\r\nHost: a\r\n\r\n");
      assertThat(client.readHead()).contains("Content-Length: 26\r\n");
      client.send("POST /x HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabc");
      assertThat(client.readResponse())
          .startsWith("HTTP/1.1 410 Gone\r\n")
          .contains("content-type: application/json\r\n")
          .doesNotContain("text/plain")
          .endsWith("{}");
      assertThat(backend.connections).hasValue(0);
    }
  }

  @Test
  void rewritesChangeWhatTheBackendGets() throws Exception {
    try (RawBackend backend = RawBackend.answering(OK);
        Proxy proxy =
            proxy(
                backend,
                """
                routes:
                  - { match: { path: { prefix: /api } }, rewrite: { prefix: / }, pool: web }
                  - { match: { path: { prefix: /v1/ } }, rewrite: { prefix: /v2 }, pool: web }
                  - match: { path: { pattern: "/users/{id}/orders/{rest_of_it*}" } }
                    rewrite: { path: "/orders/{rest_of_it}/of/{id}", host: "{id}.internal:8080" }
                    pool: web
                  - match: { path: { prefix: /re } }
                    rewrite: { regex: "([a-z]+)-([0-9]+)", with: "{2}_{1}" }
                    pool: web
                  - { rewrite: { host: backend.internal }, pool: web }
                """);
        RawClient client = proxy.client()) {
      String[][] cases = {
        {"/api/a?b=/api", "/a?b=/api", "a.example:81"},
        {"/api", "/", "a.example:81"},
        {"/api//a", "//a", "a.example:81"},
        {"/v1/a", "/v2/a", "a.example:81"},
        {"/v1/", "/v2", "a.example:81"},
        {"/users/7/orders/x/y?q", "/orders/x/y/of/7?q", "7.internal:8080"},
        {"/re/ab-12/c-3", "/re/12_ab/3_c", "a.example:81"},
        {"/re/none", "/re/none", "a.example:81"},
        {"/%7Eme", "/~me", "backend.internal"},
      };
      for (String[] each : cases) {
        client.send(get(each[0])).readResponse();
        assertThat(backend.requests.poll())
            .as(each[0])
            .startsWith("GET " + each[1] + " HTTP/1.1\r\n")
            .contains("Host: " + each[2] + "\r\n", "X-Forwarded-Host: a.example:81\r\n");
      }
    }
  }

  @Test
  void aRewrittenTargetKeepsTheRulesOfTargetsThatComeIn() throws Exception {
    try (RawBackend backend = RawBackend.answering(OK);
        Proxy proxy =
            proxy(
                backend,
                """
                routes:
                  - match: { path: { prefix: /cut } }
                    rewrite: { regex: "x", with: "" }
                    pool: web
                  - match: { path: { pattern: "/as/{host_name}" } }
                    rewrite: { host: "{host_name}" }
                    pool: web
                  - match: { path: { prefix: /grow } }
                    rewrite: { regex: "a", with: "%s" }
                    pool: web
                """
                    .formatted("b".repeat(900)))) {
      String[] refused = {
        "/cut/.x./.x./.x./a",
        "/cut/%x00",
        "/cut/%x",
        "/as/a%20b",
        "/as/a@b",
        "/as/a;b",
        "/grow/" + "a".repeat(500),
      };
      for (String target : refused) {
        try (RawClient client = proxy.client()) {
          assertThat(client.send(get(target)).readResponse())
              .as(target)
              .startsWith("HTTP/1.1 400 ");
        }
      }
      assertThat(backend.requests).isEmpty();
      try (RawClient client = proxy.client()) {
        client.send(get("/cut/a/.x./b")).readResponse();
        assertThat(backend.requests.poll()).startsWith("GET /cut/b HTTP/1.1\r\n");
      }
    }
  }

  @Test
  void headersAreSetAddedAndRemovedOnBothSides() throws Exception {
    try (RawBackend backend =
            RawBackend.answering(
                "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nServer: b\r\nX-Old: 1\r\nx-old: 2\r\n\r\nok");
        Proxy proxy =
            proxy(
                backend,
                """
                routes:
                  - match: { path: { pattern: "/t/{tenant}" } }
                    requestHeaders:
                      set: { X-Tenant: "{tenant}", X-From: "{source} {scheme}://{host}{path}?{query}" }
                      add: { X-More: "{{two}}" }
                      remove: [Authorization, cookie]
                    responseHeaders:
                      set: { X-Old: new }
                      add: { X-Id: "{request_id}", X-Frame-Options: DENY }
                      remove: [server]
                    rewrite: { path: / }
                    pool: web
                """);
        RawClient client = proxy.client()) {
      String answer =
          client
              .send(
                  get(
                      "/t/blue?q=1",
                      "x-tenant: forged",
                      "X-More: one",
                      "Authorization: x",
                      "COOKIE: y"))
              .readResponse();
      String seen = backend.requests.poll();
      assertThat(seen)
          .startsWith("GET /?q=1 HTTP/1.1\r\n")
          .contains("X-Tenant: blue\r\n", "X-More: one\r\n", "X-More: {two}\r\n")
          .contains("X-From: 127.0.0.1 http://a.example/t/blue?q=1\r\n")
          .doesNotContain("forged", "Authorization", "COOKIE");
      assertThat(answer)
          .contains("X-Old: new\r\n", "X-Frame-Options: DENY\r\n")
          .containsPattern("X-Id: [0-9a-f]{32}\r\n")
          .doesNotContain("Server", "X-Old: 1", "x-old");
      String id = answer.replaceAll("(?s).*X-Id: ([0-9a-f]+).*", "$1");
      assertThat(seen).contains("X-Request-Id: " + id + "\r\n");
    }
  }

  @Test
  void addressesAreAllowedAndDenied() throws Exception {
    try (RawBackend backend = RawBackend.answering(OK);
        Proxy proxy =
            proxy(
                backend,
                """
                routes:
                  - { match: { path: { prefix: /in } }, allow: [127.0.0.0/8], pool: web }
                  - { match: { path: { prefix: /out } }, allow: [10.0.0.0/8], pool: web }
                  - match: { path: { prefix: /both } }
                    allow: [127.0.0.0/8]
                    deny: [127.0.0.1/32]
                    pool: web
                """);
        RawClient client = proxy.client()) {
      assertThat(client.send(get("/in")).readResponse()).startsWith("HTTP/1.1 200 ");
      assertThat(client.send(get("/out")).readResponse())
          .startsWith("HTTP/1.1 403 Forbidden\r\n")
          .contains("Weir-Cause: denied\r\n");
      assertThat(client.send(get("/both")).readResponse()).startsWith("HTTP/1.1 403 ");
      assertThat(backend.requests).hasSize(1);
    }
  }

  @Test
  void aSplitIsStickyAndFollowsItsWeights() throws Exception {
    try (RawBackend a = named("a");
        RawBackend b = named("b");
        RawBackend none = named("c");
        Proxy proxy =
            proxy(
                Map.of("web", none, "a", a, "b", b, "c", none),
                """
                routes:
                  - split:
                      - { pool: a, weight: 75 }
                      - { pool: c, weight: 0 }
                      - { pool: b, weight: 25 }
                    splitBy: cookie:user
                """);
        RawClient client = proxy.client()) {
      int first = 0;
      for (int user = 0; user < 400; user++) {
        String request = get("/" + user, "Cookie: x=y; user=u" + user);
        String answer = pool(client.send(request));
        assertThat(pool(client.send(request))).isEqualTo(answer);
        first += answer.equals("a") ? 1 : 0;
      }
      assertThat(first).isBetween(260, 340);
      assertThat(none.requests).isEmpty();
      // Without the key all of a client's requests stay together.
      client.send(get("/1")).readResponse();
      String same = pool(client.send(get("/2")));
      assertThat(pool(client.send(get("/3")))).isEqualTo(same);
    }
  }

  @Test
  void aSplitByRequestIdSpreadsTheRequestsOfOneClient() throws Exception {
    try (RawBackend a = named("a");
        RawBackend b = named("b");
        Proxy proxy =
            proxy(
                Map.of("web", a, "a", a, "b", b),
                """
                trustedProxies: [127.0.0.0/8]
                routes:
                  - { split: [{ pool: a, weight: 1 }, { pool: b, weight: 1 }], splitBy: request-id }
                """);
        RawClient client = proxy.client()) {
      for (int i = 0; i < 100; i++) {
        client.send(get("/")).readResponse();
      }
      assertThat(a.requests.size()).isBetween(20, 80);
      String first = pool(client.send(get("/", "X-Request-Id: mine")));
      assertThat(pool(client.send(get("/", "X-Request-Id: mine")))).isEqualTo(first);
    }
  }

  @Test
  void aRouteHasItsOwnBodyLimitRetriesAndTimeLimits() throws Exception {
    try (RawBackend silent = new RawBackend(peer -> peer.readAll());
        RawBackend dripping =
            new RawBackend(
                peer -> {
                  peer.request();
                  peer.send("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n1");
                  peer.readAll();
                });
        Proxy proxy =
            proxy(
                Map.of("web", silent, "drip", dripping),
                """
                limits: { bodyBytes: 10 }
                routes:
                  - match: { path: { prefix: /large } }
                    bodyBytes: 100
                    timeouts: { response: 100ms }
                    retries: 0
                    pool: web
                  - match: { path: { prefix: /whole } }
                    timeouts: { request: 150ms }
                    pool: web
                  - { match: { path: { prefix: /drip } }, timeouts: { stall: 100ms }, pool: drip }
                pool: web
                """)) {
      String body = "x".repeat(50);
      String post = " HTTP/1.1\r\nHost: a\r\nContent-Length: 50\r\n\r\n" + body;
      try (RawClient client = proxy.client()) {
        assertThat(client.send("POST /small" + post).readResponse()).startsWith("HTTP/1.1 413 ");
      }
      try (RawClient client = proxy.client()) {
        assertThat(client.send("POST /large" + post).readResponse()).startsWith("HTTP/1.1 504 ");
      }
      try (RawClient client = proxy.client()) {
        assertThat(client.send(get("/whole")).readResponse())
            .startsWith("HTTP/1.1 504 ")
            .contains("longer than its route allows");
      }
      try (RawClient client = proxy.client()) {
        assertThat(client.send(get("/drip")).readAll()).endsWith("\r\n\r\n1");
      }
      await().until(() -> proxy.ended.size() == 4);
      assertThat(proxy.ended).extracting(Proxy.Ended::attempts).containsExactly(0, 1, 1, 1);
    }
  }

  @Test
  void errorsOfTheProxyHaveThePagesOfTheListener(@TempDir Path folder) throws Exception {
    Path page = Files.writeString(folder.resolve("404.html"), "<h1>näh</h1>\n");
    try (RawBackend backend = RawBackend.answering("HTTP/1.1 503 No\r\nContent-Length: 0\r\n\r\n");
        Proxy proxy =
            proxy(
                backend,
                """
                errors:
                  "404": { body: "file:%s" }
                  "400": { body: bad, type: text/plain }
                routes:
                  - { match: { path: { exact: /a } }, pool: web }
                """
                    .formatted(page));
        RawClient client = proxy.client()) {
      assertThat(client.send(get("/b")).readResponse())
          .startsWith("HTTP/1.1 404 Not Found\r\n")
          .contains("Content-Type: text/html; charset=utf-8\r\n", "Weir-Cause: no_route\r\n")
          .endsWith("\r\n\r\n<h1>n\u00c3\u00a4h</h1>");
      // What a backend answers is its own.
      assertThat(client.send(get("/a")).readResponse()).startsWith("HTTP/1.1 503 No\r\n");
      assertThat(client.send("GET / HTTP/1.1\r\n\r\n").readResponse())
          .contains("Content-Type: text/plain\r\n")
          .endsWith("\r\n\r\nbad");
    }
  }
}
