package dev.weir.core.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConfigBinderTest {
  private static final String SMALL =
      """
      listeners:
        web: { bind: 127.0.0.1:8080, pool: web }
      pools:
        web:
          backends:
            web-1: { address: 10.0.0.1:80 }
      """;

  @TempDir Path folder;

  @Test
  void aWholeConfigurationIsBound() throws ConfigException {
    LbConfig config =
        Configs.bind(
            folder,
            """
            admin: { bind: "[::1]:9900", state: /var/lib/weir }
            listeners:
              web:
                bind: 0.0.0.0:8080
                routes:
                  - match: { hosts: [api.example.com], path: { prefix: /v1 } }
                    pool: api
              db: { bind: 0.0.0.0:3306, protocol: tcp, pool: api }
            pools:
              api:
                balance: { algorithm: source-hash, tableSize: 65537, deep: { a: [1, true] } }
                health:
                  http: { path: /health, expect: [204, 300-399], headers: { X-Probe: weir } }
                  interval: 1m30s
                backends:
                  api-1: { address: api.example.com:8080, weight: 7, backup: true, state: MAINT }
            """,
            Map.of());
    assertThat(config.admin().bind()).isEqualTo(new HostPort("::1", 9900));
    assertThat(config.metrics().bind()).isEqualTo(new HostPort("127.0.0.1", 9901));
    assertThat(config.listeners().keySet()).containsExactly("web", "db");
    RouteConfig route = config.listeners().get("web").routes().get(0);
    assertThat(route.match().hosts()).containsExactly("api.example.com");
    assertThat(route.match().path().prefix()).isEqualTo("/v1");
    PoolConfig pool = config.pools().get("api");
    assertThat(pool.balance().algorithm()).isEqualTo("source-hash");
    assertThat(pool.balance().options())
        .isEqualTo(Map.of("tableSize", 65537, "deep", Map.of("a", List.of(1, true))));
    assertThat(pool.health().interval()).isEqualTo(Duration.ofSeconds(90));
    assertThat(pool.health().timeout()).isEqualTo(Duration.ofMillis(500));
    assertThat(pool.health().http().expect()).containsExactly("204", "300-399");
    assertThat(pool.backends().get("api-1"))
        .isEqualTo(
            new BackendConfig(new HostPort("api.example.com", 8080), 7, true, AdminState.MAINT));
  }

  @Test
  void aBalanceNameAndASingleExpectationAreEnough() throws ConfigException {
    LbConfig config =
        Configs.bind(
            folder,
            """
            pools:
              a: { balance: random, health: { http: { expect: 204 } } }
              b: { balance: random, health: { http: { expect: 200-299 } } }
            """,
            Map.of());
    assertThat(config.pools().get("a").balance().algorithm()).isEqualTo("random");
    assertThat(config.pools().get("a").health().http().expected())
        .containsExactly(new StatusRange(204, 204));
    assertThat(config.pools().get("b").health().http().expected())
        .containsExactly(new StatusRange(200, 299));
  }

  @Test
  void everythingThatIsWrongIsToldAtOnceWithLineAndPath() {
    assertThat(
            Configs.problems(
                folder,
                """
                listeners:
                  web:
                    bind: 0.0.0.0:99999
                    protocol: htp
                    pool: wbe
                  db:
                    bind: 127.0.0.1:9900
                    protocol: tcp
                    routes: [ { pool: web, retries: 1 } ]
                pools:
                  web:
                    blance: random
                    retries: many
                    health:
                      interval: 1s
                      timeout: 2s
                    backends:
                      web-1: { address: 10.0.0.1:80, weight: 1001, colour: red }
                      web-2: { weight: 5 }
                      -bad: { address: "10.0.0.2" }
                """))
        .containsExactlyInAnyOrder(
            "lb.yaml:3: /listeners/web/bind: the port must be 0..65535, is 99999",
            "lb.yaml:4: /listeners/web/protocol: must be one of http, tcp, udp, is 'htp'; did you mean"
                + " 'http'?",
            "lb.yaml:5: /listeners/web/pool: there is no pool 'wbe'; did you mean 'web'?",
            "lb.yaml:7: /listeners/db/bind: '127.0.0.1:9900' is in use by /admin/bind (its"
                + " default)",
            "lb.yaml:9: /listeners/db/routes/0/retries: is for requests of http; a route of a tcp"
                + " listener has only name, match, pool",
            "lb.yaml:12: /pools/web/blance: unknown key 'blance'; did you mean 'balance'?",
            "lb.yaml:13: /pools/web/retries: must be a whole number, is 'many'",
            "lb.yaml:16: /pools/web/health/timeout: the timeout (2s) must be less than the"
                + " interval (1s)",
            "lb.yaml:18: /pools/web/backends/web-1/weight: must be 0..1000, is 1001",
            "lb.yaml:18: /pools/web/backends/web-1/colour: unknown key 'colour'; known are"
                + " address, weight, backup, state",
            "lb.yaml:19: /pools/web/backends/web-2: 'address' is missing",
            "lb.yaml:20: /pools/web/backends/-bad: the name '-bad' must be 1..63 letters, digits,"
                + " '.', '_' or '-', beginning with a letter or digit",
            "lb.yaml:20: /pools/web/backends/-bad/address: must be host:port, is '10.0.0.2'; the"
                + " port is missing");
  }

  @Test
  void proxyHeadersNameTheirSendersAndForwardingIsForHttp() throws ConfigException {
    assertThat(
            Configs.problems(
                folder,
                """
                listeners:
                  web:
                    bind: 127.0.0.1:1
                    pool: web
                    proxyProtocol: { from: [], others: maybe, timeout: 2m }
                    forwarding: { via: "a b" }
                  db:
                    bind: 127.0.0.1:2
                    protocol: tcp
                    pool: web
                    proxyProtocol: { others: serve }
                    forwarding: { forwarded: true }
                  dns:
                    bind: 127.0.0.1:3
                    protocol: tcp
                    pool: web
                    proxyProtocol: { from: [10.0.0.0/40] }
                pools:
                  web: { proxyProtocol: v3 }
                """))
        .containsExactlyInAnyOrder(
            "lb.yaml:5: /listeners/web/proxyProtocol/from: names no network, so that no header"
                + " would be believed",
            "lb.yaml:5: /listeners/web/proxyProtocol/others: must be one of refuse, serve, is"
                + " 'maybe'",
            "lb.yaml:5: /listeners/web/proxyProtocol/timeout: must be 50ms..1m, is '2m'",
            "lb.yaml:6: /listeners/web/forwarding/via: the name 'a b' must be 1..63 letters,"
                + " digits, '.', '_' or '-', beginning with a letter or digit",
            "lb.yaml:11: /listeners/db/proxyProtocol: 'from' is missing",
            "lb.yaml:12: /listeners/db/forwarding: a tcp listener has no headers to write",
            "lb.yaml:17: /listeners/dns/proxyProtocol/from/0: the number after '/' in"
                + " '10.0.0.0/40' must be 0..32",
            "lb.yaml:19: /pools/web/proxyProtocol: must be one of off, v1, v2, is 'v3'; did you"
                + " mean 'v1'?");
  }

  @Test
  void referencesToTheEnvironmentAreResolvedAndTyped() throws ConfigException {
    LbConfig config =
        Configs.bind(
            folder,
            """
            listeners:
              web: { bind: "${HOST}:${PORT:-8080}", pool: "${POOL}" }
            pools:
              "7":
                retries: ${RETRIES}
                backends:
                  b: { address: "h:1", backup: "${BACKUP:-true}" }
                health: { http: { headers: { X: "a$${b}", Y: "${NUMBER}" } } }
            """,
            Map.of("HOST", "::1", "POOL", "7", "RETRIES", "5", "NUMBER", "42", "PORT", "")
                .entrySet()
                .stream()
                .collect(
                    java.util.stream.Collectors.toMap(
                        Map.Entry::getKey,
                        e -> e.getKey().equals("HOST") ? "[::1]" : e.getValue())));
    assertThat(config.listeners().get("web").bind()).isEqualTo(new HostPort("::1", 8080));
    PoolConfig pool = config.pools().get("7");
    assertThat(pool.retries()).isEqualTo(5);
    assertThat(pool.backends().get("b").backup()).isTrue();
    assertThat(pool.health().http().headers()).isEqualTo(Map.of("X", "a${b}", "Y", "42"));
  }

  @Test
  void anUnsetVariableIsAProblemAndNoValueFromTheEnvironmentIsShown() {
    assertThat(
            Configs.problems(
                folder,
                """
                listeners:
                  web: { bind: "${SECRET}", pool: "${SECRET}" }
                pools:
                  web:
                    retries: ${SECRET}
                    health: { interval: "${SECRET}", http: { path: "${GONE}", host: "${" } }
                """,
                Map.of("SECRET", "hunter2")))
        .containsExactlyInAnyOrder(
            "lb.yaml:2: /listeners/web/bind: what '${SECRET}' stands for is not host:port",
            "lb.yaml:2: /listeners/web/pool: there is no pool what '${SECRET}' stands for",
            "lb.yaml:5: /pools/web/retries: must be a whole number, is what '${SECRET}' stands"
                + " for",
            "lb.yaml:6: /pools/web/health/interval: what '${SECRET}' stands for is not a duration"
                + " that is allowed here",
            "lb.yaml:6: /pools/web/health/http/path: the environment variable GONE is not set; set"
                + " it, or give a default as in ${GONE:-value}",
            "lb.yaml:6: /pools/web/health/http/host: '${' is not a reference; write ${NAME} or"
                + " ${NAME:-default}, or $${ for the characters");
  }

  @Test
  void aSecretHeaderComesFromItsFileAndIsNeverShown() throws Exception {
    Path token = Configs.write(folder, "token", "Bearer hunter2\n");
    LbConfig config = Configs.bind(folder, header("file:" + token), Map.of());
    HealthConfig.Http http = config.pools().get("web").health().http();
    assertThat(http.headers()).isEqualTo(Map.of("Authorization", "Bearer hunter2"));
    assertThat(config.toString()).doesNotContain("hunter2");
    assertThat(Configs.document(folder, header("file:" + token)).toString())
        .contains("file:" + token)
        .doesNotContain("hunter2");
  }

  @Test
  void aSecretThatCannotBeReadOrSentIsAProblem() throws Exception {
    Path evil = Configs.write(folder, "evil", "hunter2\r\nX-Evil: 1\n");
    Path big = Configs.write(folder, "big", "x".repeat(Secrets.LIMIT + 1));
    String path = "lb.yaml:4: /pools/web/health/http/headers/Authorization: ";
    assertThat(Configs.problems(folder, header("file:" + evil)))
        .containsExactly(
            path + "must be printable ASCII: no line ends and no other control characters");
    assertThat(Configs.problems(folder, header("file:" + big)))
        .containsExactly(
            path
                + "'big' is longer than 64 KiB"
                    .replace("big", big.toString().replace(folder + "/", "")));
    assertThat(Configs.problems(folder, header("file:/no/such/file")))
        .containsExactly(path + "'/no/such/file' cannot be read: there is no such file");
    assertThat(Configs.problems(folder, header("file:token")))
        .containsExactly(path + "must be file: and an absolute path, such as file:/etc/weir/token");
    assertThat(Configs.problems(folder, header("file:" + folder)).get(0)).contains("is a folder");
    Files.delete(evil);
  }

  private static String header(String value) {
    return """
    pools:
      web:
        health: { http: { headers: {
          Authorization: "VALUE" } } }
    """
        .replace("VALUE", value);
  }

  @Test
  void headersThatTheProbeOwnsOrThatCannotBeSentAreProblems() {
    assertThat(
            Configs.problems(
                folder,
                """
                pools:
                  web:
                    health:
                      http:
                        headers:
                          Host: a
                          Content-Length: "3"
                          "a b": c
                          X: "a\\r\\nb"
                          Y: "a\\0b"
                          Z: 1
                """))
        .containsExactly(
            "lb.yaml:6: /pools/web/health/http/headers/Host: the Host header is set with 'host:'",
            "lb.yaml:7: /pools/web/health/http/headers/Content-Length: the header"
                + " 'Content-Length' is written by the proxy alone",
            "lb.yaml:8: /pools/web/health/http/headers/a b: 'a b' is not the name of a header",
            "lb.yaml:9: /pools/web/health/http/headers/X: must be printable ASCII: no line ends"
                + " and no other control characters",
            "lb.yaml:10: /pools/web/health/http/headers/Y: must be printable ASCII: no line ends"
                + " and no other control characters",
            "lb.yaml:11: /pools/web/health/http/headers/Z: must be text, is 1");
  }

  @Test
  void addressesAreTakenOnceButPortZeroNeverClashes() {
    assertThat(
            Configs.problems(
                folder,
                """
                metrics: { bind: 0.0.0.0:7000 }
                listeners:
                  a: { bind: 127.0.0.1:7000, pool: p }
                  b: { bind: 127.0.0.1:7001, pool: p }
                  c: { bind: "[::]:7001", pool: p }
                  d: { bind: "[::1]:7002", pool: p }
                  e: { bind: 0.0.0.0:7002, pool: p }
                  f: { bind: 127.0.0.1:0, pool: p }
                  g: { bind: 127.0.0.1:0, pool: p }
                  h: { bind: "[0:0:0:0:0:0:0:1]:7002", pool: p }
                  i: { bind: 127.0.0.2:7001, pool: p }
                pools: { p: {} }
                """))
        .containsExactly(
            "lb.yaml:3: /listeners/a/bind: '127.0.0.1:7000' is in use by /metrics/bind",
            "lb.yaml:5: /listeners/c/bind: '[::]:7001' is in use by /listeners/b/bind",
            "lb.yaml:10: /listeners/h/bind: '[0:0:0:0:0:0:0:1]:7002' is in use by"
                + " /listeners/d/bind");
  }

  @Test
  void thingsThatExcludeOneAnotherAreProblems() {
    assertThat(
            Configs.problems(
                folder,
                """
                include: []
                process:
                  shutdown: { hard: 10s }
                listeners:
                  web:
                    bind: 127.0.0.1:1
                    trustedProxies: [10.0.0.1/8, nonsense, 10.0.0.0/33]
                    routes:
                      - match: { path: { exact: /a, prefix: /b } }
                        pool: web
                      - match: { path: {} }
                        pool: web
                      - match: { hosts: ["*"], path: { prefix: "a b" } }
                        pool: web
                  none: { bind: 127.0.0.1:2 }
                pools:
                  web:
                    health: { http: { expect: [600, 99, 399-200, abc] }, tcp: {}, interval: 300ms }
                  slow:
                    health: { interval: 1s, fastInterval: 2s }
                """))
        .containsExactly(
            "lb.yaml:3: /process/shutdown: 'hard' (10s) must be at least 'preDelay' (5s, the"
                + " default) and 'drain' (30s, the default) together",
            "lb.yaml:7: /listeners/web/trustedProxies/0: '10.0.0.1/8' has address bits beyond its"
                + " /8",
            "lb.yaml:7: /listeners/web/trustedProxies/1: must be a network such as 10.0.0.0/8 or"
                + " 2001:db8::/32, is 'nonsense'",
            "lb.yaml:7: /listeners/web/trustedProxies/2: the number after '/' in '10.0.0.0/33'"
                + " must be 0..32",
            "lb.yaml:9: /listeners/web/routes/0/match/path: must have exactly one of 'exact',"
                + " 'prefix', 'pattern' and 'regex'",
            "lb.yaml:11: /listeners/web/routes/1/match/path: must have exactly one of 'exact',"
                + " 'prefix', 'pattern' and 'regex'",
            "lb.yaml:13: /listeners/web/routes/2/match/hosts/0: must be a host name or '*.' and a"
                + " suffix, is '*'",
            "lb.yaml:13: /listeners/web/routes/2/match/path/prefix: must begin with '/', is 'a b'",
            "lb.yaml:15: /listeners/none: 'pool' or 'routes' is missing",
            "lb.yaml:18: /pools/web/health/http/expect/0: must be 100..599, is 600",
            "lb.yaml:18: /pools/web/health/http/expect/1: must be 100..599, is 99",
            "lb.yaml:18: /pools/web/health/http/expect/2: must be status codes in 100..599, the"
                + " lower one first, is '399-200'",
            "lb.yaml:18: /pools/web/health/http/expect/3: must be a status code such as 200, or a"
                + " range such as 200-399, is 'abc'",
            "lb.yaml:18: /pools/web/health: must have at most one of 'http' and 'tcp'",
            "lb.yaml:18: /pools/web/health/interval: the timeout (500ms, the default) must be less"
                + " than the interval (300ms)",
            "lb.yaml:20: /pools/slow/health/fastInterval: must be at most the interval (1s), is"
                + " 2s");
  }

  @Test
  void wrongTypesAreNamedInWords() {
    assertThat(
            Configs.problems(
                folder,
                """
                admin: []
                listeners: 5
                pools:
                  web:
                    balance: [a]
                    backends: { b: { address: 10, backup: yes, state: drain, weight: 1.5 } }
                    timeouts: { connect: 2, stall: 2 s, idle: 25h }
                """))
        .containsExactly(
            "lb.yaml:1: /admin: must be a map, is a list",
            "lb.yaml:2: /listeners: must be a map, is 5",
            "lb.yaml:5: /pools/web/balance: must be text or a map, is a list",
            "lb.yaml:6: /pools/web/backends/b/address: must be text, is 10",
            "lb.yaml:6: /pools/web/backends/b/weight: must be a whole number, is 1.5",
            "lb.yaml:6: /pools/web/backends/b/backup: must be true or false, is 'yes'",
            "lb.yaml:6: /pools/web/backends/b/state: must be one of READY, DRAIN, MAINT, is"
                + " 'drain'; did you mean 'DRAIN'?",
            "lb.yaml:7: /pools/web/timeouts/connect: must be text, is 2",
            "lb.yaml:7: /pools/web/timeouts/stall: must be a duration such as 500ms, 2s, 1m30s or"
                + " 1h, is '2 s'",
            "lb.yaml:7: /pools/web/timeouts/idle: must be 1ms..24h, is '25h'");
  }

  @Test
  void tooManyObjectsAreRefused() {
    StringBuilder yaml = new StringBuilder("pools: { p: {} }\nlisteners:\n");
    for (int i = 0; i <= Bounds.LISTENERS; i++) {
      yaml.append("  l").append(i).append(": { bind: 127.0.0.1:0, pool: p }\n");
    }
    assertThat(Configs.problems(folder, yaml.toString()))
        .containsExactly("lb.yaml:2: /listeners: 1001 listeners are more than the limit of 1000");
  }

  @Test
  void aThousandMistakesAreBounded() {
    StringBuilder yaml = new StringBuilder("pools:\n");
    for (int i = 0; i < 1000; i++) {
      yaml.append("  p").append(i).append(": { wrong: 1 }\n");
    }
    assertThat(Configs.problems(folder, yaml.toString()))
        .hasSize(Problems.LIMIT + 1)
        .last()
        .asString()
        .matches("\\d+ more problems are left out");
  }

  @Test
  void anotherTreeOfTheSameDocumentKeepsThePlacesOfWhatIsTheSame() throws Exception {
    Document file = Configs.document(folder, SMALL);
    Document changed =
        file.derive(
            MergePatch.apply(
                file.tree(),
                JsonReader.patch(
                    "{\"listeners\":{\"web\":{\"pool\":\"gone\"}},\"admin\":{\"x\":1}}"
                        .getBytes(java.nio.charset.StandardCharsets.UTF_8))));
    try {
      new ConfigBinder(name -> null).bind(changed);
    } catch (ConfigException e) {
      assertThat(Configs.texts(folder, e))
          .containsExactly(
              "/admin/x: unknown key 'x'; known are bind, state",
              "/listeners/web/pool: there is no pool 'gone'");
    }
    assertThat(changed.origin("/pools/web/backends/web-1").line()).isEqualTo(6);
    assertThat(changed.origin("/admin/x")).isNull();
  }
}
