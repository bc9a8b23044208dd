package dev.weir.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.core.config.ListenerConfig;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/**
 * Spellings of paths: what an access rule decides on our reading is what it would decide on the
 * reading of a backend that decodes more than we do, else the answer is 400 (security.md S13).
 */
final class PathPolicyTest {
  private static final Client STRANGER = Clients.at("192.0.2.7");

  /** Places where a rule may be reached or missed, in many spellings. */
  private static final List<String> SPELLINGS = spellings();

  private static final List<String> ROUTE_SETS =
      List.of(
          """
          routes:
            - { name: guard, match: { path: { prefix: /admin } }, deny: [192.0.2.0/24], pool: web }
          pool: web
          """,
          """
          routes:
            - { name: open, match: { path: { prefix: /public } }, pool: web }
            - { name: guard, match: { path: { prefix: /admin } }, respond: { status: 403 } }
            - { name: rest, pool: web }
          """,
          """
          routes:
            - { name: open, match: { path: { exact: /admin/login } }, pool: web }
            - name: guard
              match: { path: { pattern: "/admin/{all*}" }, access: true }
              pool: web
          pool: web
          """,
          """
          routes:
            - { name: open, match: { path: { prefix: /public } }, pool: web }
            - { name: guard, match: { not: { path: { prefix: /open }, access: true } }, pool: web }
          pool: web
          """,
          """
          routes:
            - name: guard
              match: { any: [{ path: { exact: "/a@dmin" } }, { path: { regex: "/admin(/.*)?" } }] }
              allow: [10.0.0.0/8]
              pool: web
          pool: web
          """);

  private static List<String> spellings() {
    Set<String> all = new LinkedHashSet<>();
    for (String admin :
        List.of(
            "admin",
            "%61dmin",
            "a%64min",
            "%2561dmin",
            "admin;x",
            "admin%3bx",
            "a@dmin",
            "a%40dmin",
            "ADMIN")) {
      all.add("/" + admin);
      all.add("/" + admin + "/");
      all.add("/" + admin + "/x");
      all.add("//" + admin);
      all.add("/;/" + admin);
      all.add("/" + admin + "%2fx");
      all.add("/" + admin + "%2Fx");
      all.add("/" + admin + "%5cx");
      all.add("/" + admin + "//x");
    }
    for (String up :
        List.of(
            "..",
            "%2e%2e",
            ".%2e",
            "..;",
            "..;x",
            "..%3b",
            "%2e%2e;a=b",
            "%252e%252e",
            ".",
            "%2e")) {
      for (String slash : List.of("/", "%2f", "%2F", "%5c", "//", "/;/", "%252f")) {
        all.add("/public/" + up + slash + "admin");
        all.add("/public" + slash + up + slash + "admin");
        all.add("/admin/" + up + slash + "public");
      }
    }
    all.addAll(
        List.of(
            "/",
            "/public",
            "/public/a%20b",
            "/public/caf%c3%a9",
            "/open/x",
            "/open%2f..%2fadmin",
            "/open;/../admin",
            "/x/%c0%ae%c0%ae/admin",
            "/x/..%c0%afadmin",
            "/%2e/admin",
            "/%2e%2fadmin",
            "/public%2f%2e%2e%2fadmin",
            "/public%252f..%252fadmin",
            "/admin/login",
            "/admin/login;x",
            "/admin%2flogin",
            "/admin/%6cogin",
            "/admin//login",
            "/100%25",
            "/a%2Bb"));
    return new ArrayList<>(all);
  }

  /** The decision: guard or not; "400" when it is refused. */
  private static String decide(Router router, String path) {
    Head head = Heads.request("GET " + path + " HTTP/1.1\r\nHost: h\r\n\r\n");
    if (head.fault == null) {
      Route route = router.route(head, STRANGER);
      if (head.fault == null) {
        return route != null && "guard".equals(route.name) ? "guard" : "open";
      }
    }
    assertThat(head.fault.status).isEqualTo(400);
    return "400";
  }

  /** As servlet containers read: parameters off, then decoded, then dots, then slashes merged. */
  private static String container(String path) {
    return merged(dots(decoded(withoutParameters(path))));
  }

  /** As web servers read: decoded, slashes merged, then dots. */
  private static String server(String path) {
    return dots(merged(decoded(path)));
  }

  /** As servers do on systems where a backslash is a slash. */
  private static String backslashes(String path) {
    return dots(merged(decoded(path).replace('\\', '/')));
  }

  /** As a chain of two that both decode. */
  private static String twice(String path) {
    return dots(decoded(decoded(path)));
  }

  private static String withoutParameters(String path) {
    return path.replaceAll(";[^/]*", "");
  }

  private static String merged(String path) {
    return path.replaceAll("/+", "/");
  }

  private static String decoded(String path) {
    StringBuilder out = new StringBuilder();
    for (int i = 0; i < path.length(); i++) {
      if (path.charAt(i) == '%' && path.substring(i).matches("(?s)%[0-9a-fA-F]{2}.*")) {
        out.append((char) Integer.parseInt(path.substring(i + 1, i + 3), 16));
        i += 2;
      } else {
        out.append(path.charAt(i));
      }
    }
    return out.toString();
  }

  private static String dots(String path) {
    List<String> kept = new ArrayList<>();
    String[] segments = path.split("/", -1);
    for (int i = 1; i < segments.length; i++) {
      boolean last = i == segments.length - 1;
      if (segments[i].equals("..")) {
        if (!kept.isEmpty()) {
          kept.remove(kept.size() - 1);
        }
      } else if (!segments[i].equals(".")) {
        kept.add(segments[i]);
        continue;
      }
      if (last) {
        kept.add("");
      }
    }
    return "/" + String.join("/", kept);
  }

  /** What the rules would decide if this were the path, by a matcher of a few plain lines. */
  private static String intended(int set, String path) {
    boolean admin = path.equals("/admin") || path.startsWith("/admin/");
    boolean open = path.equals("/public") || path.startsWith("/public/");
    boolean guard =
        switch (set) {
          case 0, 1 -> admin;
          case 2 -> path.startsWith("/admin/") && !path.equals("/admin/login");
          case 3 -> !open && !(path.equals("/open") || path.startsWith("/open/"));
          default -> admin || path.equals("/a@dmin");
        };
    return guard ? "guard" : "open";
  }

  @Test
  void noSpellingPassesByARule() {
    assertThat(SPELLINGS).hasSizeGreaterThan(250);
    int forwarded = 0;
    for (int set = 0; set < ROUTE_SETS.size(); set++) {
      Router router = new Router(Yaml.listener(ROUTE_SETS.get(set)), Map.of());
      for (String path : SPELLINGS) {
        String ours = decide(router, path);
        if (!ours.equals("400")) {
          forwarded++;
          String sent = Heads.path(Heads.request("GET " + path + " HTTP/1.1\r\nHost: h\r\n\r\n"));
          for (String view :
              List.of(container(sent), server(sent), backslashes(sent), twice(sent))) {
            assertThat(intended(set, view))
                .as("set %d, %s read as %s", set, path, view)
                .isEqualTo(ours);
          }
        }
      }
    }
    assertThat(forwarded).isGreaterThan(100);
  }

  @Test
  void plainSpellingsAreNotRefused() {
    for (int set = 0; set < ROUTE_SETS.size(); set++) {
      Router router = new Router(Yaml.listener(ROUTE_SETS.get(set)), Map.of());
      for (String path :
          List.of(
              "/",
              "/admin",
              "/admin/x",
              "/public/x",
              "/public/a%20b",
              "/x/caf%c3%a9",
              "/public/../admin",
              "/admin/../public",
              "/%61dmin",
              "/100%25")) {
        assertThat(decide(router, path)).as("set %d, %s", set, path).isNotEqualTo("400");
      }
    }
  }

  @Test
  void withoutRulesEverySpellingIsForwardedAsItCame() throws Exception {
    try (RawBackend backend =
            RawBackend.answering("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
        Proxy proxy = Proxy.to(backend.address());
        RawClient client = proxy.client()) {
      for (String path :
          List.of(
              "/a%2fb",
              "/a%2Fb",
              "/a;b=c/d",
              "//a//b",
              "/a%5cb",
              "/%252e%252e",
              "/..;/a",
              "/a%20b?c=%2f;//",
              "/caf%c3%a9")) {
        client.send("GET " + path + " HTTP/1.1\r\nHost: a\r\n\r\n").readResponse();
        assertThat(backend.requests.poll()).startsWith("GET " + path + " HTTP/1.1\r\n");
      }
    }
  }

  @Test
  void whatIsAlwaysRefusedIsRefused() {
    Router router = new Router(Yaml.listener("pool: web"), Map.of());
    for (String path :
        List.of(
            "/%00",
            "/a%00b",
            "/a\\b",
            "/a#b",
            "/..",
            "/a/../../b",
            "/%2e%2e/a",
            "/a/.%2e/%2e./",
            "/%",
            "/%g0",
            "/a%2")) {
      assertThat(decide(router, path)).as(path).isEqualTo("400");
    }
  }

  @Test
  void aListenerMayRefuseWhatItForwardsByDefault() throws Exception {
    Map<String, List<String>> refused =
        Map.of(
            "encodedSlash", List.of("/a%2fb", "/%2F"),
            "encodedBackslash", List.of("/a%5cb", "/%5C"),
            "semicolon", List.of("/a;b", "/a%3Bb"),
            "doubleSlash", List.of("//a", "/a//", "/a//b"));
    refused.forEach(
        (key, paths) -> {
          ListenerConfig config = Yaml.listener("paths: { " + key + ": refuse }\npool: web");
          Router router = new Router(config, Map.of());
          refused.forEach(
              (other, spellings) ->
                  spellings.forEach(
                      path ->
                          assertThat(decide(router, path))
                              .as("%s %s", key, path)
                              .isEqualTo(other.equals(key) ? "400" : "open")));
          assertThat(decide(router, "/a/b%20c")).isEqualTo("open");
        });
  }

  @Test
  void aRefusedSpellingIsAnswered400AndNeverForwarded() throws Exception {
    ListenerConfig config = Yaml.listener(ROUTE_SETS.get(0));
    try (RawBackend backend =
            RawBackend.answering("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
        Proxy proxy =
            new Proxy(
                config,
                Map.of("web", Proxy.withBackends(Proxy.pooling(null), backend.address())))) {
      for (String path : List.of("/x/..%2fadmin", "/admin;x", "//admin", "/admin%2fx")) {
        try (RawClient client = proxy.client()) {
          String answer =
              client.send("GET " + path + " HTTP/1.1\r\nHost: a\r\n\r\n").readResponse();
          assertThat(answer)
              .as(path)
              .startsWith("HTTP/1.1 400 Bad Request\r\n")
              .endsWith("400 the path can be read in more than one way\n");
        }
      }
      assertThat(backend.requests).isEmpty();
    }
  }
}
