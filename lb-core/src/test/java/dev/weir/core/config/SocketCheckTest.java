package dev.weir.core.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Addresses against each other, and options against addresses. */
class SocketCheckTest {
  @TempDir Path folder;

  @Test
  void socketsHaveOptionsAndPoolsASource() throws ConfigException {
    LbConfig config =
        Configs.bind(
            folder,
            """
            listeners:
              a: { bind: "unix:/run/a.sock", pool: p, socket: { mode: 0660, group: www } }
              b: { bind: "[::]:80", pool: p, socket: { ipv6Only: true, backlog: 10 } }
              c: { bind: 0.0.0.0:80, pool: p }
            pools:
              p:
                source: 10.0.0.9
                health: { port: 8080 }
                backends: { x: { address: "unix:/run/x.sock", weight: 0 } }
            """
                .replace("health: { port: 8080 }", "health: { tcp: {} }"),
            Map.of());
    assertThat(config.listeners().get("a").socket().mode()).isEqualTo("0660");
    assertThat(config.listeners().get("b").socket().ipv6Only()).isTrue();
    assertThat(config.listeners().get("b").socket().backlog()).isEqualTo(10);
    assertThat(config.listeners().get("c").socket()).isEqualTo(SocketConfig.DEFAULT);
    assertThat(config.pools().get("p").source()).isEqualTo("10.0.0.9");
  }

  @Test
  void addressesThatAreTakenTwiceAreRefused() {
    assertThat(
            Configs.problems(
                folder,
                """
                listeners:
                  a: { bind: 127.0.0.1:7000-7031, pool: p }
                  b: { bind: 127.0.0.1:7031-7040, pool: p }
                  c: { bind: 127.0.0.1:7010, pool: p }
                  d: { bind: 127.0.0.2:7000-7031, pool: p }
                  e: { bind: "[::]:7031", pool: p }
                  f: { bind: "[::]:7041", pool: p, socket: { ipv6Only: true } }
                  g: { bind: 0.0.0.0:7041, pool: p }
                  h: { bind: "unix:/run/h", pool: p }
                  i: { bind: "unix:/run/h", pool: p }
                  j: { bind: 127.0.0.1:9890-9910, pool: p }
                pools:
                  p: {}
                """))
        .containsExactlyInAnyOrder(
            "lb.yaml:3: /listeners/b/bind: '127.0.0.1:7031-7040' is in use by /listeners/a/bind",
            "lb.yaml:4: /listeners/c/bind: '127.0.0.1:7010' is in use by /listeners/a/bind",
            "lb.yaml:6: /listeners/e/bind: '[::]:7031' is in use by /listeners/a/bind",
            "lb.yaml:10: /listeners/i/bind: 'unix:/run/h' is in use by /listeners/h/bind",
            "lb.yaml:11: /listeners/j/bind: '127.0.0.1:9890-9910' is in use by /admin/bind (its"
                + " default)");
  }

  @Test
  void theProcessesOwnAddressesAreOrdinaryOnes() {
    assertThat(
            Configs.problems(
                folder,
                """
                admin: { bind: "unix:/run/admin.sock" }
                metrics: { bind: "127.0.0.1:1-2" }
                """))
        .hasSize(2);
  }

  @Test
  void optionsThatDoNotGoWithTheAddressAreRefused() {
    assertThat(
            Configs.problems(
                folder,
                """
                listeners:
                  a: { bind: 127.0.0.1:1, pool: p, socket: { mode: "0660", ipv6Only: true } }
                  b: { bind: "unix:/run/b", pool: p, socket: { freebind: true, owner: a } }
                  c: { bind: "unix:/run/c", pool: p, socket: { mode: "0999", backlog: 0 } }
                pools:
                  p: { source: 0.0.0.0 }
                """))
        .containsExactlyInAnyOrder(
            "lb.yaml:2: /listeners/a/socket/mode: is for Unix sockets only",
            "lb.yaml:2: /listeners/a/socket/ipv6Only: is for listeners on IPv6 addresses, such as"
                + " [::]:80",
            "lb.yaml:3: /listeners/b/socket/freebind: a Unix socket has no such option",
            "lb.yaml:4: /listeners/c/socket/mode: must be three octal digits such as \"0660\", is"
                + " '0999'",
            "lb.yaml:4: /listeners/c/socket/backlog: must be 1..65535, is 0",
            "lb.yaml:6: /pools/p/source: must be an address of this machine or 'client', is"
                + " '0.0.0.0'");
  }

  @Test
  void portsThatDependOnTheClientsNeedOneAndAProbeOfTheirOwn() {
    assertThat(
            Configs.problems(
                folder,
                """
                listeners:
                  web: { bind: 127.0.0.1:1, pool: web }
                  own: { bind: "unix:/run/own", protocol: tcp, pool: own }
                  high: { bind: 127.0.0.1:60000-60010, protocol: tcp, pool: high }
                  any: { bind: 127.0.0.1:0, protocol: tcp, pool: fine }
                pools:
                  web: { backends: { a: { address: "h:+1" } } }
                  own: { backends: { a: { address: "h:+1" } } }
                  high: { allDown: { pool: spare } }
                  spare: { backends: { a: { address: "h:+5530" }, b: { address: "h:+5525" } } }
                  fine:
                    health: { interval: 2s }
                    backends: { a: { address: "h:-1" } }
                  probed: { health: { port: 80 }, backends: { a: { address: "h:-1" } } }
                  path: { health: { port: 80 }, backends: { a: { address: "unix:/run/a" } } }
                """))
        .containsExactlyInAnyOrder(
            "lb.yaml:7: /pools/web/backends/a/address: a port that depends on the client's is for"
                + " tcp listeners, and the listener 'web', which is none, leads here",
            "lb.yaml:8: /pools/own/backends/a/address: clients of the listener 'own' come to a"
                + " Unix socket, and to no port",
            "lb.yaml:10: /pools/spare/backends/a/address: the ports of the listener 'high' plus"
                + " 5530 leave 1..65535",
            "lb.yaml:12: /pools/fine/health: 'port' is missing: the one in"
                + " /pools/fine/backends/a/address depends on the client",
            "lb.yaml:15: /pools/path/health/port: the Unix socket of /pools/path/backends/a/address"
                + " has no port");
  }
}
