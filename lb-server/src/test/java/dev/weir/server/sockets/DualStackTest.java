package dev.weir.server.sockets;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** IPv6 on both sides, and IPv4 on sockets of IPv6. */
@Timeout(120)
class DualStackTest {
  @TempDir Path folder;

  static Stream<String> transports() {
    return Transports.all();
  }

  @BeforeEach
  void needsIpv6() {
    Transports.needIpv6();
  }

  private static InetSocketAddress four(RunningServer running, String listener) {
    return new InetSocketAddress("127.0.0.1", running.address(listener).getPort());
  }

  private static InetSocketAddress six(RunningServer running, String listener) {
    return new InetSocketAddress("::1", running.address(listener).getPort());
  }

  @ParameterizedTest
  @MethodSource("transports")
  void clientsOfBothFamiliesComeInAndAreCalledWhatTheyAre(String transport) throws Exception {
    try (TestPeer backend = TestPeer.tcp(TestPeer.on("::1"));
        RunningServer running =
            new RunningServer(
                folder,
                transport,
                """
                listeners:
                  dual: { bind: "[::]:0", protocol: tcp, pool: app }
                pools:
                  app:
                    proxyProtocol: v1
                    backends: { a: { address: "[::1]:%d" } }
                """
                    .formatted(backend.port()))) {
      int port = running.address("dual").getPort();
      assertThat(TestPeer.talk(four(running, "dual"), "x"))
          .contains("\nPROXY TCP4 127.0.0.1 127.0.0.1 ")
          .endsWith(" " + port + "\r\nx");
      assertThat(TestPeer.talk(six(running, "dual"), "x"))
          .contains("\nPROXY TCP6 ::1 ::1 ")
          .endsWith(" " + port + "\r\nx");
      await().until(() -> running.ends.size() == 2);
      assertThat(running.ends)
          .containsExactly("dual app a none 127.0.0.1", "dual app a none 0:0:0:0:0:0:0:1");
    }
  }

  @ParameterizedTest
  @MethodSource("transports")
  void networksOfIPv4AreAboutIPv4ClientsOfADualSocket(String transport) throws Exception {
    try (TestPeer backend = TestPeer.http(TestPeer.on("127.0.0.1"));
        RunningServer running =
            new RunningServer(
                folder,
                transport,
                """
                listeners:
                  dual:
                    bind: "[::]:0"
                    limits: { connectionsPerClient: 5 }
                    routes: [ { pool: app, allow: [ 127.0.0.0/8 ] } ]
                pools:
                  app: { backends: { a: { address: "127.0.0.1:%d" } } }
                """
                    .formatted(backend.port()))) {
      assertThat(TestPeer.get(four(running, "dual")))
          .startsWith("HTTP/1.1 200 OK")
          .contains("\r\nX-Forwarded-For: 127.0.0.1\r\n");
      assertThat(TestPeer.get(six(running, "dual"))).startsWith("HTTP/1.1 403 ");
    }
  }

  @Test
  void oneSocketMayLeaveIPv4ToAnother() throws Exception {
    Transports.needEpoll();
    int port = Transports.freeRange(1);
    try (TestPeer backend = TestPeer.tcp(TestPeer.on("127.0.0.1"));
        RunningServer running =
            new RunningServer(
                folder,
                "epoll",
                """
                listeners:
                  six: { bind: "[::]:PORT", protocol: tcp, pool: app, socket: { ipv6Only: true } }
                  four: { bind: "0.0.0.0:PORT", protocol: tcp, pool: app }
                pools:
                  app: { backends: { a: { address: "127.0.0.1:BACK" } } }
                """
                    .replace("PORT", "" + port)
                    .replace("BACK", "" + backend.port()))) {
      assertThat(TestPeer.talk(four(running, "six"), "x")).endsWith("\nx");
      assertThat(TestPeer.talk(six(running, "six"), "x")).endsWith("\nx");
      await().until(() -> running.ends.size() == 2);
      assertThat(running.ends)
          .containsExactly("four app a none 127.0.0.1", "six app a none 0:0:0:0:0:0:0:1");
      running.reload("  four:", "  # four:");
      await().ignoreExceptions().until(() -> refused(running));
      assertThat(TestPeer.talk(six(running, "six"), "x")).endsWith("\nx");
    }
  }

  private static boolean refused(RunningServer running) {
    assertThatThrownBy(() -> TestPeer.talk(four(running, "six"), "x"))
        .isInstanceOf(ConnectException.class);
    return true;
  }
}
