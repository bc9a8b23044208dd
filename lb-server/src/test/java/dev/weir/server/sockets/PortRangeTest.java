package dev.weir.server.sockets;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Listeners on many ports, and backends whose port follows the client's. */
@Timeout(120)
class PortRangeTest {
  private static final String RANGE =
      """
      listeners:
        many: { bind: "127.0.0.1:FIRST-LAST", protocol: tcp, pool: app }
      pools:
        app:
          retries: 0
          backends: { a: { address: "127.0.0.2:+0" } }
      """;

  @TempDir Path folder;

  static Stream<String> transports() {
    return Transports.all();
  }

  private RunningServer start(String transport, String yaml, int first, int ports)
      throws Exception {
    return new RunningServer(
        folder,
        transport,
        yaml.replace("FIRST", "" + first).replace("LAST", "" + (first + ports - 1)));
  }

  private static InetSocketAddress at(int port) {
    return new InetSocketAddress("127.0.0.1", port);
  }

  @ParameterizedTest
  @MethodSource("transports")
  void everyPortLeadsToItsOwnAtTheBackend(String transport) throws Exception {
    int first = Transports.freeRange(8);
    List<TestPeer> backends = new ArrayList<>();
    try (RunningServer running = start(transport, RANGE, first, 8)) {
      for (int port = first; port < first + 8; port++) {
        backends.add(TestPeer.tcp(new InetSocketAddress("127.0.0.2", port)));
      }
      for (int round = 0; round < 3; round++) {
        for (int port = first; port < first + 8; port++) {
          assertThat(TestPeer.talk(at(port), "x")).isEqualTo(port + " 127.0.0.1\nx");
        }
      }
      assertThatThrownBy(() -> TestPeer.talk(at(first + 8), "x"))
          .isInstanceOf(ConnectException.class);
      assertThat(running.address("many").getPort()).isEqualTo(first);
    } finally {
      for (TestPeer backend : backends) {
        backend.close();
      }
    }
  }

  @ParameterizedTest
  @MethodSource("transports")
  void anOffsetIsAddedAndTheHeaderNamesThePortThatTheClientCameTo(String transport)
      throws Exception {
    int first = Transports.freeRange(1004);
    String yaml =
        RANGE.replace("127.0.0.2:+0", "127.0.0.1:+1000").replace("retries: 0", "proxyProtocol: v1");
    try (TestPeer backend = TestPeer.tcp(at(first + 1002));
        RunningServer running = start(transport, yaml, first, 4)) {
      assertThat(TestPeer.talk(at(first + 2), "x"))
          .startsWith((first + 1002) + " 127.0.0.1\nPROXY TCP4 127.0.0.1 127.0.0.1 ")
          .endsWith(" " + (first + 2) + "\r\nx");
      assertThat(backend.port()).isEqualTo(first + 1002);
      assertThatThrownBy(() -> TestPeer.talk(at(first + 3), "x"))
          .as("nobody listens behind this one")
          .isInstanceOf(IOException.class);
      assertThat(running.eligible("app")).as("one port says nothing about the others").isTrue();
      await().until(() -> running.ends.size() == 2);
      assertThat(running.ends)
          .containsExactlyInAnyOrder(
              "many app a none 127.0.0.1", "many app a connect_failed 127.0.0.1");
    }
  }

  @Test
  void probesAskThePortOfTheirOwn() throws Exception {
    int first = Transports.freeRange(4);
    try (TestPeer probed = TestPeer.tcp(new InetSocketAddress("127.0.0.2", 0));
        RunningServer running =
            start(
                "auto",
                RANGE.replace(
                    "retries: 0",
                    "health: { port: %d, interval: 100ms, timeout: 50ms, rise: 1, fall: 1 }"
                        .formatted(probed.port())),
                first,
                4)) {
      await().atMost(Duration.ofSeconds(10)).until(() -> running.eligible("app"));
      probed.close();
      await().atMost(Duration.ofSeconds(10)).until(() -> !running.eligible("app"));
    }
  }

  @ParameterizedTest
  @MethodSource("transports")
  void whenOnePortIsTakenItIsNamedAndNoneIsOpened(String transport) throws Exception {
    int first = Transports.freeRange(8);
    try (ServerSocket taken = new ServerSocket()) {
      taken.bind(at(first + 5));
      assertThatThrownBy(() -> start(transport, RANGE, first, 8).close())
          .isInstanceOf(IOException.class)
          .hasMessage(
              "listener many: cannot listen on 127.0.0.1:%d-%d: port %d: Address already in use",
              first, first + 7, first + 5);
    }
    await()
        .atMost(Duration.ofSeconds(10))
        .untilAsserted(
            () -> {
              for (int port = first; port < first + 8; port++) {
                new ServerSocket(port).close();
              }
            });
  }

  @Test
  void aRangeMayHaveAThousandPorts() throws Exception {
    int first = Transports.freeRange(1024);
    String yaml = RANGE.replace("127.0.0.2:+0", "127.0.0.1:BACK");
    try (TestPeer backend = TestPeer.tcp(TestPeer.on("127.0.0.1"));
        RunningServer running =
            start("auto", yaml.replace("BACK", "" + backend.port()), first, 1024)) {
      for (int port = first; port < first + 1024; port += 31) {
        assertThat(TestPeer.talk(at(port), "x")).endsWith("\nx");
      }
      assertThat(TestPeer.talk(at(first + 1023), "x")).endsWith("\nx");
      assertThat(running.turns).isEmpty();
    }
  }
}
