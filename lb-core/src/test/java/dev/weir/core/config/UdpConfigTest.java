package dev.weir.core.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What a udp listener may be told, and what is refused on it. */
class UdpConfigTest {
  @TempDir private Path folder;

  @Test
  void aUdpListenerHasItsSettingsAndDefaults() throws ConfigException {
    LbConfig config =
        Configs.bind(
            folder,
            """
            listeners:
              dns:
                bind: 127.0.0.1:53
                protocol: udp
                pool: dns
                timeouts: { idle: 5s }
                limits: { connectionsPerClient: 9, clientPrefix4: 24, clientPrefix6: 56 }
                udp: { sessions: 7, responses: 1, requests: 2, amplification: 3 }
              dns-tcp: { bind: 127.0.0.1:53, protocol: tcp, pool: dns }
              log: { bind: 127.0.0.1:514, protocol: udp, pool: dns }
            pools: { dns: {} }
            """,
            Map.of());
    ListenerConfig dns = config.listeners().get("dns");
    assertThat(dns.udp()).isEqualTo(new UdpConfig(7, 1, 2, 3));
    assertThat(dns.timeouts().idle()).isEqualTo(Duration.ofSeconds(5));
    assertThat(config.listeners().get("log").udp())
        .isEqualTo(UdpConfig.DEFAULT)
        .isEqualTo(new UdpConfig(16_384, null, null, null));
  }

  @Test
  void whatMeansNothingOnAUdpListenerIsRefused() {
    assertThat(
            Configs.problems(
                folder,
                """
                listeners:
                  dns:
                    bind: 127.0.0.1:53
                    protocol: udp
                    routes: [{ pool: dns }]
                    trustedProxies: [10.0.0.0/8]
                    proxyProtocol: { from: [10.0.0.0/8] }
                    forwarding: { via: weir }
                    timeouts: { idle: 5s, header: 5s, fin: 1s }
                    limits: { connections: 5, bodyBytes: 1 }
                    errrors: {}
                  web:
                    bind: 127.0.0.1:80
                    pool: dns
                    udp: { responses: 1 }
                  log: { bind: 127.0.0.1:514, protocol: udp, pool: told }
                pools:
                  dns: {}
                  told: { proxyProtocol: v2 }
                """))
        .containsExactlyInAnyOrder(
            "lb.yaml:2: /listeners/dns: 'pool' is missing",
            "lb.yaml:5: /listeners/dns/routes: means nothing on a udp listener",
            "lb.yaml:6: /listeners/dns/trustedProxies: means nothing on a udp listener",
            "lb.yaml:7: /listeners/dns/proxyProtocol: means nothing on a udp listener",
            "lb.yaml:8: /listeners/dns/forwarding: means nothing on a udp listener",
            "lb.yaml:9: /listeners/dns/timeouts/header: means nothing on a udp listener",
            "lb.yaml:9: /listeners/dns/timeouts/fin: means nothing on a udp listener",
            "lb.yaml:10: /listeners/dns/limits/connections: means nothing on a udp listener; see"
                + " 'sessions' of its 'udp'",
            "lb.yaml:10: /listeners/dns/limits/bodyBytes: means nothing on a udp listener",
            "lb.yaml:11: /listeners/dns/errrors: unknown key 'errrors'; did you mean 'errors'?",
            "lb.yaml:15: /listeners/web/udp: is for listeners with 'protocol: udp'",
            "lb.yaml:16: /listeners/log/pool: leads to the pool 'told' with 'proxyProtocol: v2', and"
                + " over UDP no PROXY header is written");
  }

  @Test
  void aChangeOfAPoolIsCheckedAgainstTheListenersThatLeadToIt() throws ConfigException {
    ConfigBinder binder = new ConfigBinder(name -> null);
    JsonMapper json = JsonMapper.builder().build();
    String text =
        """
        {"listeners": {"dns": {"bind": "127.0.0.1:53", "protocol": "udp", "pool": "p"}},
         "pools": {"p": {"backends": {"a": {"address": "h:1"}}}}}
        """;
    JsonNode before = json.readTree(text);
    LbConfig config = binder.bind(Document.of(before));
    for (String wrong :
        List.of(
            text.replace("h:1", "unix:/run/a"),
            text.replace("h:1", "h:+1"),
            text.replace("{\"backends", "{\"source\": \"127.0.0.9\", \"backends"),
            text.replace("{\"backends", "{\"proxyProtocol\": \"v1\", \"backends"))) {
      assertThatThrownBy(() -> binder.rebind(json.readTree(wrong), before, config))
          .as(wrong)
          .isInstanceOf(ConfigException.class);
    }
  }

  @Test
  void pathsRangesAndSourcesAreForConnections() {
    assertThat(
            Configs.problems(
                folder,
                """
                listeners:
                  a: { bind: "unix:/run/a.sock", protocol: udp, pool: dns }
                  b: { bind: "127.0.0.1:7000-7003", protocol: udp, pool: dns }
                  c: { bind: "127.0.0.1:53", protocol: udp, pool: local }
                  d: { bind: "127.0.0.1:54", protocol: udp, pool: from, socket: { backlog: 5 } }
                pools:
                  dns: {}
                  local:
                    allDown: { pool: from }
                    backends: { one: { address: "unix:/run/b.sock" } }
                  from: { source: 127.0.0.9 }
                """))
        .containsExactlyInAnyOrder(
            "lb.yaml:2: /listeners/a/bind: a udp listener has one port of one address",
            "lb.yaml:3: /listeners/b/bind: a udp listener has one port of one address",
            "lb.yaml:4: /listeners/c/pool: leads to the pool 'local' with 'one', whose address is a"
                + " Unix socket; datagrams need a port",
            "lb.yaml:5: /listeners/d/socket: means nothing on a udp listener",
            "lb.yaml:5: /listeners/d/pool: leads to the pool 'from' with 'source', which is for"
                + " connections");
  }

  @Test
  void itsNumbersHaveBounds() {
    assertThat(
            Configs.problems(
                folder,
                """
                listeners:
                  dns:
                    bind: 127.0.0.1:53
                    protocol: udp
                    pool: dns
                    udp:
                      sessions: 0
                      responses: -1
                      requests: 0
                      amplification: 10001
                pools: { dns: {} }
                """))
        .containsExactlyInAnyOrder(
            "lb.yaml:7: /listeners/dns/udp/sessions: must be 1..1000000, is 0",
            "lb.yaml:8: /listeners/dns/udp/responses: must be 0..1000000, is -1",
            "lb.yaml:9: /listeners/dns/udp/requests: must be 1..1000000000, is 0",
            "lb.yaml:10: /listeners/dns/udp/amplification: must be 1..10000, is 10001");
  }

  @Test
  void twoUdpListenersCannotShareAnAddressAndTheAdminPortIsNoneOfTheirs() {
    assertThat(
            Configs.problems(
                folder,
                """
                listeners:
                  one: { bind: 127.0.0.1:9900, protocol: udp, pool: dns }
                  two: { bind: 0.0.0.0:9900, protocol: udp, pool: dns }
                pools: { dns: {} }
                """))
        .containsExactly(
            "lb.yaml:3: /listeners/two/bind: '0.0.0.0:9900' is in use by /listeners/one/bind");
  }
}
