package dev.weir.core.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Routes of tcp listeners, and what PROXY headers to backends hold, as they are configured. */
class ConnectionRoutesTest {
  @TempDir private Path folder;

  @Test
  void aTcpListenerHasRoutesByNameProtocolAndSource() throws ConfigException {
    LbConfig config =
        Configs.bind(
            folder,
            """
            listeners:
              tls:
                bind: 0.0.0.0:443
                protocol: tcp
                routes:
                  - name: shop
                    match: { sni: [shop.test, "*.shop.test"], alpn: [h2], sources: [10.0.0.0/8] }
                    pool: shop
                  - match:
                      any:
                        - sni: ["old.test"]
                        - all: [ { sni: [older.test] }, { not: { alpn: [http/1.1] } } ]
                    pool: old
                timeouts: { hello: 2s }
                limits: { helloBytes: 4096 }
            pools:
              shop: { proxyProtocol: v2, proxyTlvs: [authority, crc32c] }
              old: { proxyProtocol: v1, health: { proxyProtocol: false } }
            """,
            java.util.Map.of());
    ListenerConfig tls = config.listeners().get("tls");
    assertThat(tls.pool()).isNull();
    assertThat(tls.timeouts().hello()).isEqualTo(Duration.ofSeconds(2));
    assertThat(tls.limits().helloBytes()).isEqualTo(4096);
    MatchConfig shop = tls.routes().get(0).match();
    assertThat(shop)
        .isEqualTo(
            MatchConfig.ofConnection(
                List.of("shop.test", "*.shop.test"), List.of("h2"), List.of("10.0.0.0/8")));
    assertThat(tls.routes().get(1).match().any().get(1).all().get(1).not().alpn())
        .containsExactly("http/1.1");
    assertThat(config.pools().get("shop").proxyTlvs()).containsExactly("authority", "crc32c");
    assertThat(config.pools().get("old").health().proxyProtocol()).isFalse();
  }

  @Test
  void whatIsNotSaidHasItsDefault() {
    ListenerConfig.Timeouts timeouts = new ListenerConfig.Timeouts(null, null, null, null, null);
    assertThat(timeouts.hello()).isEqualTo(Duration.ofSeconds(5));
    assertThat(ListenerConfig.Limits.DEFAULT.helloBytes()).isEqualTo(16_384);
    PoolConfig pool = new PoolConfig(null, null, null, null, null, null);
    assertThat(pool.proxyTlvs()).isEmpty();
    HealthConfig health = new HealthConfig(null, null, null, null, null, null, null);
    assertThat(health.proxyProtocol()).isTrue();
  }

  @Test
  void routesOfConnectionsHaveNothingOfRequestsAndThoseOfRequestsNothingOfTls() {
    assertThat(
            Configs.problems(
                folder,
                """
                listeners:
                  tls:
                    bind: 127.0.0.1:1
                    protocol: tcp
                    routes:
                      - match: { sni: [a.test], hosts: [a.test], path: { prefix: / } }
                        pool: web
                      - redirect: { path: / }
                        allow: [10.0.0.0/8]
                      - match: { any: [ { methods: [GET] }, { sni: [b.test] } ] }
                        split: [ { pool: web, weight: 1 } ]
                      - match: { sni: [c.test] }
                        pool: wbe
                        matsch: {}
                  web:
                    bind: 127.0.0.1:2
                    routes:
                      - match: { sni: [a.test], not: { alpn: [h2] } }
                        pool: web
                  none: { bind: 127.0.0.1:3, protocol: tcp }
                pools:
                  web: {}
                """))
        .containsExactlyInAnyOrder(
            "lb.yaml:6: /listeners/tls/routes/0/match/hosts: is for requests of http; connections"
                + " are matched by sni, alpn, sources, all, any, not",
            "lb.yaml:6: /listeners/tls/routes/0/match/path: is for requests of http; connections"
                + " are matched by sni, alpn, sources, all, any, not",
            "lb.yaml:8: /listeners/tls/routes/1: 'pool' is missing: a route of a tcp listener"
                + " leads to one",
            "lb.yaml:8: /listeners/tls/routes/1/redirect: is for requests of http; a route of a"
                + " tcp listener has only name, match, pool",
            "lb.yaml:9: /listeners/tls/routes/1/allow: is for requests of http; a route of a tcp"
                + " listener has only name, match, pool",
            "lb.yaml:10: /listeners/tls/routes/2: 'pool' is missing: a route of a tcp listener"
                + " leads to one",
            "lb.yaml:10: /listeners/tls/routes/2/match/any/0/methods: is for requests of http;"
                + " connections are matched by sni, alpn, sources, all, any, not",
            "lb.yaml:11: /listeners/tls/routes/2/split: is for requests of http; a route of a tcp"
                + " listener has only name, match, pool",
            "lb.yaml:13: /listeners/tls/routes/3/pool: there is no pool 'wbe'; did you mean"
                + " 'web'?",
            "lb.yaml:14: /listeners/tls/routes/3/matsch: unknown key 'matsch'; did you mean"
                + " 'match'?",
            "lb.yaml:18: /listeners/web/routes/0/match/sni: needs TLS termination, which http"
                + " listeners do not have yet",
            "lb.yaml:18: /listeners/web/routes/0/match/not/alpn: needs TLS termination, which"
                + " http listeners do not have yet",
            "lb.yaml:20: /listeners/none: 'pool' or 'routes' is missing");
  }

  @Test
  void namesAreNamesAsClientsSendThem() {
    assertThat(
            Configs.problems(
                folder,
                """
                listeners:
                  tls:
                    bind: 127.0.0.1:1
                    protocol: tcp
                    routes:
                      - match:
                          sni:
                            - 192.0.2.1
                            - "2001:db8::1"
                            - b\u00fccher.test
                            - "*.b\u00fccher.test"
                            - "*"
                            - "a b"
                            - "a.test:443"
                          alpn: ["", "h 2", "\u00fc"]
                        pool: web
                    timeouts: { hello: 1ms }
                    limits: { helloBytes: 100 }
                pools:
                  web: {}
                """
                    .replace("\\u00fc", "\u00fc")))
        .containsExactlyInAnyOrder(
            "lb.yaml:8: /listeners/tls/routes/0/match/sni/0: '192.0.2.1' is an address; TLS"
                + " clients ask for names only",
            "lb.yaml:9: /listeners/tls/routes/0/match/sni/1: '2001:db8::1' is an address; TLS"
                + " clients ask for names only",
            "lb.yaml:10: /listeners/tls/routes/0/match/sni/2: must be a host name or '*.' and a"
                + " suffix, is 'b\u00fccher.test'; write 'xn--bcher-kva.test'",
            "lb.yaml:11: /listeners/tls/routes/0/match/sni/3: must be a host name or '*.' and a"
                + " suffix, is '*.b\u00fccher.test'; write '*.xn--bcher-kva.test'",
            "lb.yaml:12: /listeners/tls/routes/0/match/sni/4: must be a host name or '*.' and a"
                + " suffix, is '*'",
            "lb.yaml:13: /listeners/tls/routes/0/match/sni/5: must be a host name or '*.' and a"
                + " suffix, is 'a b'",
            "lb.yaml:14: /listeners/tls/routes/0/match/sni/6: must be a host name or '*.' and a"
                + " suffix, is 'a.test:443'",
            "lb.yaml:15: /listeners/tls/routes/0/match/alpn/0: must be the name of a protocol such"
                + " as 'h2' or 'http/1.1', is ''",
            "lb.yaml:15: /listeners/tls/routes/0/match/alpn/1: must be the name of a protocol such"
                + " as 'h2' or 'http/1.1', is 'h 2'",
            "lb.yaml:15: /listeners/tls/routes/0/match/alpn/2: must be the name of a protocol such"
                + " as 'h2' or 'http/1.1', is '\u00fc'",
            "lb.yaml:17: /listeners/tls/timeouts/hello: must be 50ms..1m, is '1ms'",
            "lb.yaml:18: /listeners/tls/limits/helloBytes: must be 512..65536, is 100");
  }

  @Test
  void extensionsNeedTheirVersionAndProbesAHeaderToSend() {
    assertThat(
            Configs.problems(
                folder,
                """
                listeners:
                  db: { bind: 127.0.0.1:1, protocol: tcp, pool: one }
                pools:
                  one: { proxyTlvs: [authority], health: { proxyProtocol: true } }
                  two: { proxyProtocol: v1, proxyTlvs: [crc32c] }
                  three: { proxyProtocol: v2, proxyTlvs: [autority] }
                  four: { proxyProtocol: v2, proxyTlvs: [], health: { proxyProtocol: true } }
                """))
        .containsExactlyInAnyOrder(
            "lb.yaml:4: /pools/one/proxyTlvs: needs 'proxyProtocol: v2': no other header has room"
                + " for them",
            "lb.yaml:4: /pools/one/health/proxyProtocol: has no effect: 'proxyProtocol' of the"
                + " pool is off",
            "lb.yaml:5: /pools/two/proxyTlvs: needs 'proxyProtocol: v2': no other header has room"
                + " for them",
            "lb.yaml:6: /pools/three/proxyTlvs/0: must be one of authority, alpn, unique-id,"
                + " crc32c, is 'autority'; did you mean 'authority'?");
  }
}
