package dev.weir.server.sockets;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.ConnectException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What clients see while all backends of a pool are down: real probes, real sockets. */
@Timeout(120)
class AllDownTest {
  private static final Duration SOON = Duration.ofSeconds(15);

  private static final String CONFIG =
      """
      listeners:
        front: { bind: "127.0.0.1:0", protocol: PROTOCOL, pool: main }
      pools:
        main:
          allDown: POLICY
          health: { interval: 100ms, timeout: 50ms, rise: 1, fall: 1 }
          backends: { m: { address: "127.0.0.1:MAIN" } }
        spare:
          backends: { s: { address: "127.0.0.1:SPARE" } }
      """;

  @TempDir Path folder;

  static Stream<String> transports() {
    return Transports.all();
  }

  private RunningServer start(String transport, String protocol, String policy, int... ports)
      throws Exception {
    return new RunningServer(
        folder,
        transport,
        CONFIG
            .replace("PROTOCOL", protocol)
            .replace("POLICY", policy)
            .replace("MAIN", "" + ports[0])
            .replace("SPARE", "" + ports[ports.length - 1]));
  }

  private static InetSocketAddress at(int port) {
    return new InetSocketAddress("127.0.0.1", port);
  }

  private static boolean refused(InetSocketAddress address) throws IOException {
    try (Socket client = new Socket()) {
      client.connect(address, 1_000);
      return false;
    } catch (ConnectException refused) {
      return true;
    }
  }

  @ParameterizedTest
  @MethodSource("transports")
  void withCloseClientsAreRefusedWithinTheTimeOfProbesAndServedAgain(String transport)
      throws Exception {
    TestPeer backend = TestPeer.tcp(TestPeer.on("127.0.0.1"));
    int port = backend.port();
    try (RunningServer running = start(transport, "tcp", "close", port)) {
      InetSocketAddress front = running.address("front");
      assertThat(TestPeer.talk(front, "x")).endsWith("\nx");
      try (Socket old = new Socket()) {
        old.connect(front);
        old.getOutputStream().write('a');
        assertThat(old.getInputStream().read()).isPositive();

        backend.close();
        await().atMost(Duration.ofSeconds(2)).until(() -> refused(front));
        await().atMost(SOON).until(() -> running.turns.contains("front closed"));
        assertThat(running.page("/readyz")).startsWith("HTTP/1.1 200");
        assertThat(running.page("/metrics"))
            .contains("weir_listener_listening{listener=\"front\"} 0");
        assertThat(running.server.connections()).as("sessions go on").isEqualTo(1);
      }
      try (TestPeer again = TestPeer.tcp(at(port))) {
        await().atMost(Duration.ofSeconds(2)).until(() -> !refused(front));
        assertThat(TestPeer.talk(front, "x")).endsWith("\nx");
        await().atMost(SOON).until(() -> running.turns.contains("front listening"));
        assertThat(running.turns).containsExactly("front closed", "front listening");
        assertThat(running.page("/metrics"))
            .contains("weir_listener_listening{listener=\"front\"} 1");
        assertThat(again.port()).isEqualTo(port);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("transports")
  void aPortThatSomebodyTookMeanwhileShowsInReadiness(String transport) throws Exception {
    TestPeer backend = TestPeer.tcp(TestPeer.on("127.0.0.1"));
    int port = backend.port();
    try (RunningServer running = start(transport, "tcp", "close", port)) {
      InetSocketAddress front = running.address("front");
      backend.close();
      await().atMost(SOON).until(() -> running.turns.contains("front closed"));
      try (ServerSocket thief = new ServerSocket()) {
        thief.setReuseAddress(true);
        thief.bind(front);
        try (TestPeer again = TestPeer.tcp(at(port))) {
          await().atMost(SOON).until(() -> running.turns.contains("front stuck"));
          assertThat(running.page("/readyz"))
              .startsWith("HTTP/1.1 503")
              .contains("listener front: cannot listen on 127.0.0.1:0: Address already in use\n");
          thief.close();
          await().atMost(SOON).until(() -> running.page("/readyz").startsWith("HTTP/1.1 200"));
          assertThat(TestPeer.talk(front, "x")).endsWith("\nx");
          assertThat(again.port()).isEqualTo(port);
        }
      }
    }
  }

  @ParameterizedTest
  @MethodSource("transports")
  void withResetAClientThatSaysNothingIsResetAtOnce(String transport) throws Exception {
    TestPeer backend = TestPeer.tcp(TestPeer.on("127.0.0.1"));
    try (RunningServer running = start(transport, "tcp", "reset", backend.port())) {
      backend.close();
      await().atMost(SOON).until(() -> !running.eligible("main"));
      try (Socket client = new Socket()) {
        client.connect(running.address("front"));
        client.setSoTimeout(5_000);
        assertThatThrownBy(() -> client.getInputStream().read())
            .isInstanceOf(SocketException.class)
            .hasMessageContaining("reset");
      }
      assertThat(running.ends).contains("front main - no_backend 127.0.0.1");
    }
  }

  @ParameterizedTest
  @MethodSource("transports")
  void anotherPoolTakesSessionsUntilTheFirstOneIsBack(String transport) throws Exception {
    TestPeer backend = TestPeer.tcp(TestPeer.on("127.0.0.1"));
    int port = backend.port();
    try (TestPeer spare = TestPeer.tcp(TestPeer.on("127.0.0.1"));
        RunningServer running = start(transport, "tcp", "{ pool: spare }", port, spare.port())) {
      InetSocketAddress front = running.address("front");
      assertThat(TestPeer.talk(front, "x")).startsWith(port + " ");

      backend.close();
      await().atMost(SOON).until(() -> refused(at(port)));
      assertThat(TestPeer.talk(front, "x"))
          .as("whoever is the first to find it gone goes on there")
          .startsWith(spare.port() + " ");
      await().atMost(SOON).until(() -> !running.eligible("main"));
      assertThat(TestPeer.talk(front, "x")).startsWith(spare.port() + " ");
      assertThat(running.ends).contains("front spare s none 127.0.0.1");

      try (TestPeer again = TestPeer.tcp(at(port))) {
        await().atMost(SOON).until(() -> running.eligible("main"));
        assertThat(TestPeer.talk(front, "x")).startsWith(again.port() + " ");
      }
    }
  }

  @ParameterizedTest
  @MethodSource("transports")
  void anotherPoolTakesRequestsUntilTheFirstOneIsBack(String transport) throws Exception {
    TestPeer backend = TestPeer.http(TestPeer.on("127.0.0.1"));
    int port = backend.port();
    try (TestPeer spare = TestPeer.http(TestPeer.on("127.0.0.1"));
        RunningServer running = start(transport, "http", "{ pool: spare }", port, spare.port())) {
      InetSocketAddress front = running.address("front");
      assertThat(TestPeer.get(front)).startsWith("HTTP/1.1 200");
      backend.close();
      await().atMost(SOON).until(() -> refused(at(port)));
      for (int i = 0; i < 10; i++) {
        assertThat(TestPeer.get(front)).startsWith("HTTP/1.1 200");
      }
      await().atMost(SOON).until(() -> !running.eligible("main"));
      assertThat(TestPeer.get(front)).startsWith("HTTP/1.1 200");
      assertThat(running.ends).contains("front spare s none 127.0.0.1");
      try (TestPeer again = TestPeer.http(at(port))) {
        await().atMost(SOON).until(() -> running.eligible("main"));
        running.ends.clear();
        assertThat(TestPeer.get(front)).startsWith("HTTP/1.1 200");
        await().atMost(SOON).until(() -> running.ends.size() == 1);
        assertThat(running.ends).containsExactly("front main m none 127.0.0.1");
        assertThat(again.port()).isEqualTo(port);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("transports")
  void anotherPoolTakesDatagramsToo(String transport) throws Exception {
    try (DatagramSocket spare = new DatagramSocket(at(0));
        DatagramSocket client = new DatagramSocket(at(0));
        RunningServer running =
            new RunningServer(
                folder,
                transport,
                """
                listeners:
                  front: { bind: "127.0.0.1:0", protocol: udp, pool: main }
                pools:
                  main:
                    allDown: { pool: spare }
                    backends: { m: { address: "127.0.0.1:1", state: MAINT } }
                  spare:
                    backends: { s: { address: "127.0.0.1:%d" } }
                """
                    .formatted(spare.getLocalPort()))) {
      spare.setSoTimeout(10_000);
      client.send(new DatagramPacket(new byte[] {'x'}, 1, running.address("front")));
      DatagramPacket come = new DatagramPacket(new byte[10], 10);
      spare.receive(come);
      assertThat(come.getLength()).isEqualTo(1);
    }
  }
}
