package dev.weir.tcp;

import static dev.weir.tcp.RouteRig.ANY_PORT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.weir.core.config.ListenerConfig;
import dev.weir.core.config.PoolConfig;
import dev.weir.core.config.ProxyProtocolConfig;
import dev.weir.core.observe.Cause;
import dev.weir.core.observe.ProxyHeader;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** HAProxy in front of a tcp listener, ending TLS, and behind it: it tells, and it is told. */
@Timeout(120)
class HaproxyTest {
  private static final Duration SOON = Duration.ofSeconds(20);
  private static final PoolConfig PLAIN = new PoolConfig(null, null, null, null, 0, null);

  @TempDir private Path folder;

  private void configure(int front, int weir, String sends, int back) throws IOException {
    Files.writeString(
        folder.resolve("haproxy.cfg"),
        """
        defaults
          mode tcp
          timeout connect 5s
          timeout client 20s
          timeout server 20s
        frontend front
          bind 127.0.0.1:%d ssl crt a.test.pem alpn h2,http/1.1
          unique-id-format id-%%ci-%%cp
          default_backend weir
        backend weir
          server weir 127.0.0.1:%d %s check inter 100ms
        frontend back
          mode http
          bind 127.0.0.1:%d accept-proxy
          http-request return status 200 content-type text/plain lf-string "%%[src] %%[src_port] %%[dst_port] <%%[fc_pp_authority]> <%%[fc_pp_unique_id]>\\n"
        """
            .formatted(front, weir, sends, back));
  }

  private static String asks(Programs programs, int port) throws Exception {
    return programs.run(
        "/usr/bin/curl",
        "-sk",
        "--http1.1",
        "--interface",
        "127.0.0.9",
        "--resolve",
        "a.test:" + port + ":127.0.0.1",
        "https://a.test:" + port + "/");
  }

  @ParameterizedTest
  @CsvSource({
    "send-proxy, v1, '', <> <>",
    "send-proxy, v2, authority unique-id crc32c, <> <[0-9a-f]{32}>",
    "send-proxy-v2, v1, '', <> <>",
    "send-proxy-v2 proxy-v2-options crc32c, v2, authority alpn crc32c, <> <>",
    "'send-proxy-v2 proxy-v2-options crc32c,authority,unique-id,ssl,cert-cn', v2,"
        + " authority alpn unique-id crc32c, <a.test> <id-127.0.0.9-\\d+>",
    "'send-proxy-v2 proxy-v2-options authority,unique-id', v2, '', <> <>"
  })
  void whatItTellsUsItIsToldBehindUs(String sends, String version, String tlvs, String said)
      throws Exception {
    Path curl = Path.of("/usr/bin/curl");
    try (Programs programs = new Programs(folder, Programs.HAPROXY, Programs.OPENSSL, curl)) {
      programs.certificate("a.test");
      InetSocketAddress back = Programs.freePort();
      int front = Programs.freePort().getPort();
      ListenerConfig config =
          new ListenerConfig(ANY_PORT, "tcp", null, "back", null, null, null)
              .withProxyProtocol(new ProxyProtocolConfig(List.of("127.0.0.1"), null, null));
      String[] kinds = tlvs.isEmpty() ? new String[0] : tlvs.split(" ");
      Map<String, InetSocketAddress> backends = new LinkedHashMap<>(Map.of("back", back));
      try (RouteRig rig =
          RouteRig.before(config, PLAIN.withProxyProtocol(version, kinds), backends)) {
        configure(front, rig.listener.address().getPort(), sends, back.getPort());
        Process haproxy =
            programs.start("log", Programs.HAPROXY.toString(), "-db", "-f", "haproxy.cfg");
        String address = "127\\.0\\.0\\.9 \\d+ " + front + " ";
        await()
            .atMost(SOON)
            .untilAsserted(
                () -> {
                  assertThat(haproxy.isAlive()).as(() -> programs.log("log")).isTrue();
                  assertThat(asks(programs, front)).matches(address + said + "\n");
                });
        // Its probes say that they are nobody's (LOCAL); in version 1 they name their own ends.
        ProxyHeader probes = sends.contains("v2") ? ProxyHeader.NOBODY : ProxyHeader.CLIENT;
        await().atMost(SOON).until(() -> rig.headers.contains(probes));
        assertThat(rig.headers).contains(ProxyHeader.CLIENT);
        assertThat(rig.closed)
            .doesNotContain(Cause.BAD_PROXY_HEADER, Cause.PROXY_HEADER_TIMEOUT, Cause.DENIED);
      }
    }
  }
}
