package dev.weir.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.weir.core.config.ProxyProtocolConfig;
import dev.weir.core.observe.Cause;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** HAProxy in front of the proxy and behind it, speaking the PROXY protocol with it. */
@Timeout(120)
final class HaproxyTest {
  private static final Path PROGRAM = Path.of("/usr/sbin/haproxy");
  private static final Duration SOON = Duration.ofSeconds(20);
  private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

  @TempDir private Path folder;

  private static int freePort() throws IOException {
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
      return free.getLocalPort();
    }
  }

  private Process start(int front, int weir, int back, int web, String sends) throws IOException {
    Path file = folder.resolve("haproxy.cfg");
    Files.writeString(
        file,
        """
        defaults
          mode http
          timeout connect 5s
          timeout client 20s
          timeout server 20s
        listen front
          mode tcp
          bind 127.0.0.1:%d
          server weir 127.0.0.1:%d %s check inter 100ms
        listen back
          bind 127.0.0.1:%d accept-proxy
          http-request set-header X-Seen %%[src]:%%[src_port]/%%[dst_port]
          server web 127.0.0.1:%d
        """
            .formatted(front, weir, sends, back, web));
    return new ProcessBuilder(PROGRAM.toString(), "-db", "-f", file.toString())
        .redirectErrorStream(true)
        .redirectOutput(folder.resolve("haproxy.log").toFile())
        .start();
  }

  @ParameterizedTest
  @CsvSource({"send-proxy, v1", "send-proxy, v2", "send-proxy-v2, v1", "send-proxy-v2, v2"})
  void aClientsAddressGetsThroughThreeProxies(String sends, String version) throws Exception {
    Assumptions.assumeTrue(
        Files.isExecutable(PROGRAM), PROGRAM + " is not here: HAProxy was not asked");
    int front = freePort();
    int back = freePort();
    ProxyProtocolConfig fromHaproxy = new ProxyProtocolConfig(List.of("127.0.0.1"), null, null);
    try (RawBackend web = RawBackend.answering(OK);
        Proxy proxy =
            new Proxy(
                Proxy.listening(null, null).withProxyProtocol(fromHaproxy),
                Proxy.pooling(null).withProxyProtocol(version),
                new InetSocketAddress("127.0.0.1", back))) {
      int weir = proxy.listener.address().getPort();
      Process haproxy = start(front, weir, back, web.address().getPort(), sends);
      try {
        await()
            .atMost(SOON)
            .ignoreExceptionsInstanceOf(IOException.class)
            .untilAsserted(
                () -> {
                  assertThat(haproxy.isAlive()).as(this::log).isTrue();
                  try (RawClient client =
                      new RawClient(new InetSocketAddress("127.0.0.1", front))) {
                    client.send("GET /up HTTP/1.1\r\nHost: a\r\n\r\n");
                    assertThat(client.readResponse()).endsWith("ok");
                  }
                });
        web.requests.clear();
        // Its probes say that they are nobody's (LOCAL, UNKNOWN), and close.
        await().atMost(SOON).until(() -> proxy.closed.size() > 3);
        try (Socket socket =
            new Socket("127.0.0.1", front, InetAddress.getByName("127.0.0.9"), 0)) {
          RawClient client = RawClient.over(socket);
          for (int i = 0; i < 3; i++) {
            client.send("GET /" + i + " HTTP/1.1\r\nHost: a\r\n\r\n");
            assertThat(client.readResponse()).endsWith("ok");
            assertThat(web.requests.poll())
                .startsWith("GET /" + i + " HTTP/1.1\r\n")
                .containsIgnoringCase("x-forwarded-for: 127.0.0.9\r\n")
                .containsIgnoringCase("x-forwarded-port: " + front + "\r\n")
                .containsIgnoringCase(
                    "x-seen: 127.0.0.9:" + socket.getLocalPort() + "/" + front + "\r\n");
          }
        }
        assertThat(proxy.closed)
            .doesNotContain(Cause.BAD_PROXY_HEADER, Cause.PROXY_HEADER_TIMEOUT, Cause.DENIED);
      } finally {
        haproxy.destroyForcibly().waitFor();
      }
    }
  }

  private String log() {
    try {
      return Files.readString(folder.resolve("haproxy.log"));
    } catch (IOException unreadable) {
      return unreadable.toString();
    }
  }
}
