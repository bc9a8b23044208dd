package dev.weir.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.core.config.ConfigException;
import dev.weir.core.config.ListenerConfig;
import dev.weir.core.config.MatchConfig;
import dev.weir.core.config.Problem;
import dev.weir.core.config.RouteConfig;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What is wrong with routes, and where. */
final class RouteChecksTest {
  private static String one(String route) {
    List<String> problems = Yaml.problems("routes:\n  - " + route);
    assertThat(problems).hasSize(1);
    return problems.get(0).replaceFirst("^routes/0/?", "");
  }

  @Test
  void aRouteHasExactlyOneActionAndPartsThatGoWithIt() {
    assertThat(one("{ match: {} }"))
        .isEqualTo(
            ": must have exactly one of 'pool', 'split', 'redirect' and 'respond'; has none");
    assertThat(one("{ pool: web, respond: {} }")).endsWith("; has 'pool' and 'respond'");
    assertThat(one("{ respond: {}, retries: 1 }"))
        .isEqualTo("retries: has no effect: 'respond' asks no backend");
    assertThat(one("{ pool: web, splitBy: path }"))
        .isEqualTo("splitBy: has no effect without 'split'");
    assertThat(one("{ split: [{ pool: a, weight: 0 }] }"))
        .isEqualTo("split: the weights must be more than 0 together");
    assertThat(one("{ split: [{ pool: a, weight: 1 }], splitBy: moon }"))
        .startsWith("splitBy: must be source, path, request-id, or header:");
    assertThat(one("{ split: [{ pool: a, weight: 1 }], splitBy: 'cookie:' }"))
        .startsWith("splitBy: must be ");
    assertThat(one("{ pool: web, rewrite: {} }")).startsWith("rewrite: must have one of 'prefix'");
    assertThat(one("{ pool: web, rewrite: { regex: a } }"))
        .isEqualTo("rewrite: 'regex' and 'with' go together");
    assertThat(one("{ pool: web, rewrite: { regex: a, with: b, path: /c } }"))
        .isEqualTo("rewrite: must have at most one of 'prefix', 'path' and 'regex'");
    assertThat(
            Yaml.problems(
                "routes: [{ name: a, match: { methods: [GET] }, pool: web },"
                    + " { name: a, pool: web }]"))
        .containsExactly("routes/1/name: is the name of routes/0 already");
  }

  @Test
  void conditionsThatCannotBeMetOrReadAreTold() {
    assertThat(one("{ match: { path: { regex: '(a' } }, pool: web }"))
        .startsWith("match/path/regex: is not a regular expression of RE2: missing closing )");
    assertThat(one("{ match: { path: { regex: '(a)\\1' } }, pool: web }"))
        .startsWith("match/path/regex: is not a regular expression of RE2: invalid escape");
    assertThat(
            one("{ match: { any: [{ not: { query: [{ name: a, regex: '[' }] } }] }, pool: web }"))
        .startsWith("match/any/0/not/query/0/regex: is not a regular expression");
    assertThat(one("{ match: { path: { pattern: '/a/{B}' } }, pool: web }"))
        .startsWith("match/path/pattern: '{B}' must be a whole segment");
    assertThat(one("{ match: { path: { pattern: '/a/x{b}' } }, pool: web }"))
        .startsWith("match/path/pattern: 'x{b}' must be a whole segment");
    assertThat(one("{ match: { path: { pattern: '/{path}' } }, pool: web }"))
        .endsWith("none of host, path, query, request_id, scheme, source and rest");
    assertThat(one("{ match: { path: { pattern: '/{a*}/b' } }, pool: web }"))
        .isEqualTo("match/path/pattern: '{a*}' can only be the last segment");
    assertThat(one("{ match: { path: { pattern: '/{a}/{a}' } }, pool: web }"))
        .isEqualTo("match/path/pattern: the variable {a} is there twice");
    assertThat(one("{ match: { path: { prefix: /a/../b } }, pool: web }"))
        .isEqualTo("match/path/prefix: can never match: paths are matched as '/b'; write that");
    assertThat(one("{ match: { path: { exact: /../b } }, pool: web }"))
        .isEqualTo("match/path/exact: '/../b' is a path that is always refused");
    assertThat(one("{ match: { path: { exact: /bäh } }, pool: web }"))
        .isEqualTo(
            "match/path/exact: '/b?h' holds a character that no path can hold; percent-encode it");
    assertThat(one("{ match: { methods: [get] }, pool: web }"))
        .isEqualTo("match/methods/0: methods are case-sensitive; write GET");
    assertThat(one("{ match: { methods: [TRACE] }, pool: web }"))
        .isEqualTo("match/methods/0: can never match: TRACE is refused (405)");
    assertThat(one("{ match: { methods: ['a b'] }, pool: web }"))
        .isEqualTo("match/methods/0: 'a b' is not a method");
    assertThat(one("{ match: { headers: [{ name: 'a:b' }] }, pool: web }"))
        .isEqualTo("match/headers/0/name: 'a:b' is not a valid name");
    assertThat(one("{ match: { headers: [{ name: a, exact: b, prefix: c }] }, pool: web }"))
        .startsWith("match/headers/0: must have at most one of");
    assertThat(one("{ match: { sources: [10.0.0.1/8] }, pool: web }"))
        .startsWith("match/sources/0: '10.0.0.1/8' has address bits");
    assertThat(one("{ match: { all: [] }, pool: web }"))
        .isEqualTo("match/all: must not be an empty list");
  }

  @Test
  void expressionsThatWouldCostTooMuchAreRefusedBeforeTheyAreExpanded() {
    for (String costly :
        List.of("(x{1000}){1000}", "((x{1000}){1000}){1000}", "((a|b{99}){99}c){99}", "x{5000}")) {
      assertThat(one("{ match: { path: { regex: '" + costly + "' } }, pool: web }"))
          .isEqualTo(
              "match/path/regex: the regular expression repeats too much to be matched fast");
    }
    assertThat(one("{ match: { path: { regex: '" + "a".repeat(1025) + "' } }, pool: web }"))
        .isEqualTo(
            "match/path/regex: a regular expression may have 1024 characters, this one has 1025");
    String uuid = "/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}(/[^{}]{1,64})?";
    assertThat(Yaml.problems("routes: [{ match: { path: { regex: '" + uuid + "' } }, pool: web }]"))
        .isEmpty();
  }

  @Test
  void conditionsNestToABoundedDepth() {
    String deep = "{ methods: [GET] }";
    for (int i = 0; i < 7; i++) {
      deep = "{ not: " + deep + " }";
    }
    assertThat(Yaml.problems("routes: [{ match: " + deep + ", pool: web }]")).isEmpty();
    assertThat(one("{ match: { any: [" + deep + "] }, pool: web }"))
        .isEqualTo(
            "match/any/0" + "/not".repeat(7) + ": more than 8 conditions inside one another");
  }

  @Test
  void templatesNameVariablesThatExistAndHoldWhatMayStandThere() {
    assertThat(one("{ redirect: { path: '/{id}' } }"))
        .isEqualTo(
            "redirect/path: {id} is no variable here; known are host, path, query, request_id,"
                + " scheme, source; write braces twice to mean them");
    assertThat(one("{ match: { path: { prefix: /a } }, redirect: { path: '/{1}' } }"))
        .contains("known are host, path, query, request_id, rest, scheme");
    assertThat(one("{ redirect: { path: '/{id' } }"))
        .isEqualTo("redirect/path: a brace stands alone; write it twice to mean one");
    assertThat(one("{ redirect: { path: 'a{path}' } }"))
        .isEqualTo("redirect/path: must begin with / or with a variable");
    assertThat(one("{ redirect: { path: '/a?b' } }"))
        .isEqualTo("redirect/path: holds a character that cannot stand there: '?'");
    assertThat(one("{ redirect: { path: \"/a\\r\\nSet-Cookie: x\" } }"))
        .isEqualTo("redirect/path: holds a character that cannot stand there: U+000D");
    assertThat(one("{ redirect: { path: /a/../../b } }"))
        .isEqualTo("redirect/path: is a path that is always refused");
    assertThat(one("{ redirect: { query: 'a b' } }"))
        .isEqualTo("redirect/query: holds a character that cannot stand there: U+0020");
    assertThat(one("{ redirect: { host: 'a/b' } }"))
        .isEqualTo("redirect/host: must be a host name or address, with or without a port");
    assertThat(one("{ redirect: { status: 304 } }"))
        .isEqualTo("redirect/status: must be 301, 302, 303, 307 or 308, is 304");
    assertThat(one("{ redirect: { scheme: ftp } }"))
        .startsWith("redirect/scheme: must be one of http, https, is 'ftp'");
    assertThat(one("{ pool: web, rewrite: { prefix: /x } }"))
        .isEqualTo("rewrite/prefix: needs a route that matches a prefix of the path");
    assertThat(one("{ pool: web, rewrite: { regex: '(a)', with: '/{2}' } }"))
        .startsWith("rewrite/with: {2} is no variable here; known are 0, 1, host");
    assertThat(one("{ pool: web, rewrite: { regex: '(', with: a } }"))
        .startsWith("rewrite/regex: is not a regular expression");
    assertThat(one("{ pool: web, rewrite: { host: '' } }")).startsWith("rewrite/host: must be");
  }

  @Test
  void headersThatTheProxyWritesOrThatWouldSplitAMessageAreRefused() {
    for (String name :
        List.of(
            "Connection",
            "content-length",
            "Transfer-Encoding",
            "Keep-Alive",
            "TE",
            "Trailer",
            "Upgrade",
            "Expect",
            "X-Forwarded-For",
            "X-Request-Id",
            "Max-Forwards")) {
      assertThat(one("{ pool: web, requestHeaders: { set: { " + name + ": x } } }"))
          .isEqualTo(
              "requestHeaders/set/"
                  + name
                  + ": the header '"
                  + name
                  + "' is written by the proxy alone");
      assertThat(one("{ pool: web, requestHeaders: { remove: [" + name + "] } }"))
          .endsWith("is written by the proxy alone");
    }
    assertThat(one("{ pool: web, responseHeaders: { add: { Date: x } } }"))
        .endsWith("is written by the proxy alone");
    assertThat(one("{ pool: web, requestHeaders: { set: { Host: x } } }"))
        .contains("the Host header is");
    assertThat(one("{ pool: web, requestHeaders: { remove: [\"a b\"] } }"))
        .endsWith("remove/0: 'a b' is not the name of a header");
    assertThat(one("{ pool: web, responseHeaders: { set: { X-A: \"a\\r\\nX-B: c\" } } }"))
        .endsWith("X-A: must be printable ASCII: no line ends and no other control characters");
    assertThat(one("{ pool: web, responseHeaders: { set: { X-A: \"secret {oops} text\" } } }"))
        .contains("{oops} is no variable here")
        .doesNotContain("secret", "text");
    assertThat(one("{ respond: { headers: { X-A: \"a\\0\" } } }")).contains("printable ASCII");
    assertThat(one("{ respond: { headers: { Content-Length: '3' } } }"))
        .endsWith("is written by the proxy alone");
    assertThat(one("{ respond: { status: 204, body: x } }"))
        .isEqualTo("respond/body: an answer 204 has no body");
    assertThat(one("{ respond: { body: " + "x".repeat(64 * 1024 + 1) + " } }"))
        .isEqualTo("respond/body: must be at most 64 KiB");
    assertThat(one("{ respond: { body: 'file:relative' } }"))
        .startsWith("respond/body: must be file: and an absolute path");
  }

  @Test
  void pagesAreForStatusesOfErrors() {
    assertThat(Yaml.problems("pool: web\nerrors: { \"200\": { body: a }, abc: { body: b } }"))
        .containsExactly(
            "errors/200: '200' must be a status of an error, 400..599",
            "errors/abc: 'abc' must be a status of an error, 400..599");
    assertThat(Yaml.problems("pool: web\nerrors: { \"503\": { body: a, type: \"a\\nb\" } }"))
        .containsExactly(
            "errors/503/type: must be printable ASCII: no line ends and no other control"
                + " characters");
  }

  @Test
  void problemsHaveTheirLine() throws ConfigException {
    String keys = "pool: web\nroutes:\n  - pool: web\n    match:\n      path: { regex: '(' }\n";
    Problem problem = Problem.at("/listeners/web/routes/0/match/path/regex", "is wrong");
    assertThat(Yaml.document(keys).locate(problem).line()).isEqualTo(8);
  }

  @Test
  void routesThatCanNeverMatchAreTold() {
    assertThat(
            Yaml.problems(
                """
                routes:
                  - { match: { hosts: ["*.a.b"], path: { prefix: /x } }, pool: web }
                  - { match: { hosts: [c.a.b], path: { exact: /x/y } }, pool: web }
                  - { match: { hosts: ["*.d.a.b"], path: { pattern: "/x/{id}" } }, pool: web }
                  - { match: { hosts: [a.b], path: { prefix: /x } }, pool: web }
                  - { match: { hosts: [c.a.b, a.b.], path: { prefix: /x/z } }, pool: web }
                  - { match: { hosts: [c.a.b], path: { prefix: /xy } }, pool: web }
                  - { match: { methods: [GET], path: { prefix: /g } }, pool: web }
                  - { match: { path: { prefix: /g/h }, methods: [GET] }, pool: web }
                  - { match: { path: { prefix: /g/h }, methods: [PUT] }, pool: web }
                  - { match: { path: { regex: "/r.*" } }, pool: web }
                  - { match: { hosts: [h], path: { regex: "/r.*" }, sources: [10.0.0.0/8] }, pool: web }
                  - { match: { path: { prefix: / } }, pool: web }
                  - { match: { path: { pattern: "/{a}" } }, pool: web }
                  - { pool: web }
                pool: web
                """))
        .containsExactly(
            "routes/1: can never match: routes/0 takes what is left for it",
            "routes/2: can never match: routes/0 takes what is left for it",
            "routes/4: can never match: routes/3 takes what is left for it",
            "routes/7: can never match: routes/6 takes what is left for it",
            "routes/10: can never match: routes/9 takes what is left for it",
            "routes/12: can never match: routes/11 takes what is left for it",
            "pool: can never match: routes/13 takes what is left for it");
  }

  @Test
  void tenThousandRoutesAreCheckedFast() {
    List<RouteConfig> routes = new ArrayList<>();
    for (int i = 0; i < 10_000; i++) {
      List<String> hosts = i % 3 == 0 ? List.of() : List.of("h" + i % 100 + ".example.com");
      routes.add(RouteConfig.of(MatchConfig.of(hosts, MatchConfig.Path.ofPrefix("/p" + i)), "web"));
    }
    ListenerConfig config = Yaml.listener("pool: web");
    List<Problem> problems = new ArrayList<>();
    long before = System.nanoTime();
    RouteChecks.check(
        "",
        new ListenerConfig(config.bind(), "http", routes, "web", null, null, null),
        problems::add);
    assertThat(problems).isEmpty();
    // A quadratic check takes minutes.
    assertThat(System.nanoTime() - before).isLessThan(10_000_000_000L);
  }
}
