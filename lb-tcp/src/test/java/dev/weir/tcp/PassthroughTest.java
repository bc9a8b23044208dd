package dev.weir.tcp;

import static dev.weir.tcp.RouteRig.ANY_PORT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.weir.core.config.ListenerConfig;
import dev.weir.core.config.MatchConfig;
import dev.weir.core.config.PoolConfig;
import dev.weir.core.config.RouteConfig;
import dev.weir.core.observe.Cause;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** OpenSSL as the client and as the servers, with TLS passed through between them. */
@Timeout(120)
class PassthroughTest {
  private static final PoolConfig PLAIN = new PoolConfig(null, null, null, null, 0, null);

  @TempDir private Path folder;

  private static RouteConfig route(String sni, String alpn, String pool) {
    List<String> names = sni == null ? null : List.of(sni);
    List<String> protocols = alpn == null ? null : List.of(alpn);
    return RouteConfig.of(MatchConfig.ofConnection(names, protocols, null), pool);
  }

  /** A server with a certificate of its own for each name. */
  private static InetSocketAddress server(Programs programs, String name) throws Exception {
    programs.certificate(name);
    InetSocketAddress at = Programs.freePort();
    programs.start(
        name + ".log",
        Programs.OPENSSL.toString(),
        "s_server",
        "-accept",
        "127.0.0.1:" + at.getPort(),
        "-cert",
        name + ".pem",
        "-key",
        name + ".pem",
        "-alpn",
        "h2,http/1.1",
        "-www");
    await()
        .ignoreExceptionsInstanceOf(IOException.class)
        .untilAsserted(() -> new Socket(at.getAddress(), at.getPort()).close());
    return at;
  }

  private static String asks(Programs programs, RouteRig rig, String... options) throws Exception {
    List<String> command =
        new ArrayList<>(
            List.of(
                Programs.OPENSSL.toString(),
                "s_client",
                "-connect",
                "127.0.0.1:" + rig.listener.address().getPort()));
    command.addAll(List.of(options));
    return programs.run(command.toArray(String[]::new));
  }

  @Test
  void eachNameGetsTheServerWithItsCertificate() throws Exception {
    try (Programs programs = new Programs(folder, Programs.OPENSSL)) {
      Map<String, InetSocketAddress> servers = new LinkedHashMap<>();
      for (String name : List.of("a.test", "b.test")) {
        servers.put(name, server(programs, name));
      }
      ListenerConfig config =
          new ListenerConfig(ANY_PORT, "tcp", null, null, null, null, null)
              .withRoutes(
                  List.of(
                      route(null, "acme-tls/1", "b.test"),
                      route("a.test", null, "a.test"),
                      route("*.b.test", null, "b.test")),
                  null);
      try (RouteRig rig = RouteRig.before(config, PLAIN, servers)) {
        for (String version : List.of("-tls1_3", "-tls1_2")) {
          assertThat(asks(programs, rig, "-servername", "a.test", "-alpn", "h2", version))
              .contains("CN = a.test", "ALPN protocol: h2");
          assertThat(asks(programs, rig, "-servername", "X.B.test", version))
              .contains("CN = b.test", "No ALPN negotiated");
        }
        assertThat(asks(programs, rig, "-servername", "a.test", "-alpn", "acme-tls/1"))
            .doesNotContain("CN = a.test");
        assertThat(rig.ends).hasSize(5);
        assertThat(rig.ends.stream().map(RouteRig.End::pool))
            .containsExactly("a.test", "b.test", "a.test", "b.test", "b.test");
        rig.ends.clear();
        assertThat(asks(programs, rig, "-servername", "else.test"))
            .contains("unrecognized name", "alert number 112");
        assertThat(asks(programs, rig, "-noservername")).contains("alert number 112");
        assertThat(rig.end().cause()).isEqualTo(Cause.NO_ROUTE);
      }
    }
  }
}
