package dev.weir.server.sockets;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.weir.core.config.ConfigException;
import dev.weir.core.net.SocketOptions;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** From where backends are connected to, and addresses that are not there yet. */
@Timeout(120)
class SourceAddressTest {
  private static final String SOURCE =
      """
      listeners:
        front: { bind: "127.0.0.1:0", protocol: PROTOCOL, pool: app }
      pools:
        app:
          source: 127.0.0.9
          retries: 0
          health: { PROTOCOL: {}, interval: 100ms, timeout: 50ms, rise: 1, fall: 1 }
          backends: { a: { address: "127.0.0.1:BACK" } }
      """;

  @TempDir Path folder;

  @BeforeEach
  void needsEpoll() {
    Transports.needEpoll();
  }

  private RunningServer start(String yaml, String protocol, TestPeer backend) throws Exception {
    return new RunningServer(
        folder, "epoll", yaml.replace("PROTOCOL", protocol).replace("BACK", "" + backend.port()));
  }

  @Test
  void sessionsComeFromIt() throws Exception {
    try (TestPeer backend = TestPeer.tcp(TestPeer.on("127.0.0.1"));
        RunningServer running = start(SOURCE, "tcp", backend)) {
      assertThat(TestPeer.talk(running.address("front"), "x"))
          .isEqualTo(backend.port() + " 127.0.0.9\nx");
    }
  }

  @Test
  void requestsComeFromItToo() throws Exception {
    try (TestPeer backend = TestPeer.http(TestPeer.on("127.0.0.1"));
        RunningServer running = start(SOURCE, "http", backend)) {
      assertThat(TestPeer.get(running.address("front"))).contains("From: 127.0.0.9\r\n");
    }
  }

  @Test
  void connectionsFromTheClientsAddressServeThatClientOnly() throws Exception {
    Assumptions.assumeTrue(SocketOptions.notTransparent().isEmpty(), "needs CAP_NET_ADMIN");
    String yaml = SOURCE.replace("127.0.0.9", "client");
    try (TestPeer backend = TestPeer.http(TestPeer.on("127.0.0.1"));
        RunningServer running = start(yaml, "http", backend)) {
      for (int round = 0; round < 3; round++) {
        for (String client : List.of("127.0.0.5", "127.0.0.6", "127.0.0.7")) {
          String twice = "GET / HTTP/1.1\r\nHost: a\r\n\r\n".repeat(2);
          String answers = TestPeer.talk(TestPeer.on(client), running.address("front"), twice);
          assertThat(answers.split("From: " + client + "\r\n", -1)).hasSize(3);
        }
      }
      await().until(() -> running.eligible("app"));
    }
  }

  @Test
  void anAddressThatIsNotHereSaysSoAndTakesBackendsOut() throws Exception {
    try (TestPeer backend = TestPeer.tcp(TestPeer.on("127.0.0.1"));
        RunningServer running = start(SOURCE.replace("127.0.0.9", "192.0.2.9"), "tcp", backend)) {
      await().until(() -> !running.eligible("app"));
      assertThatThrownBy(() -> TestPeer.talk(running.address("front"), "x"))
          .isInstanceOf(IOException.class);
      assertThat(running.page("/metrics"))
          .as("it is not the backend's fault")
          .contains("outcome=\"refused\",pool=\"app\"} 0.0")
          .contains("outcome=\"unreachable\",pool=\"app\"} 0.0");
    }
  }

  @Test
  void aSourceOfAnotherFamilyIsOurFault() throws Exception {
    Transports.needIpv6();
    String yaml = SOURCE.replace("127.0.0.9", "'::1'").replaceAll(" {4}health: .*\n", "");
    try (TestPeer backend = TestPeer.tcp(TestPeer.on("127.0.0.1"));
        RunningServer running = start(yaml, "tcp", backend)) {
      assertThatThrownBy(() -> TestPeer.talk(running.address("front"), "x"))
          .isInstanceOf(IOException.class);
      await().until(() -> running.ends.size() == 1);
      assertThat(running.ends).containsExactly("front app a local_limit 127.0.0.1");
      assertThat(running.eligible("app")).isTrue();
    }
  }

  @Test
  void aListenerMayWaitOnAnAddressThatIsNotHereYet() throws Exception {
    String yaml =
        SOURCE.replace("front: { bind: \"127.0.0.1:0\"", "front: { bind: \"192.0.2.1:0\"");
    try (TestPeer backend = TestPeer.tcp(TestPeer.on("127.0.0.1"))) {
      assertThatThrownBy(() -> start(yaml, "tcp", backend).close())
          .isInstanceOf(IOException.class)
          .hasMessageContaining("Cannot assign requested address");
      String free = yaml.replace("pool: app }", "pool: app, socket: { freebind: true } }");
      try (RunningServer running = start(free, "tcp", backend)) {
        assertThat(running.address("front").getAddress().getHostAddress()).isEqualTo("192.0.2.1");
        assertThat(running.address("front").getPort()).isPositive();
      }
    }
  }

  @Test
  void otherTransportsSayThatTheyCannot() throws Exception {
    try (TestPeer backend = TestPeer.tcp(TestPeer.on("127.0.0.1"))) {
      String yaml =
          SOURCE
              .replace("pool: app }", "pool: app, socket: { freebind: true } }")
              .replace("PROTOCOL", "tcp")
              .replace("BACK", "" + backend.port());
      assertThatThrownBy(() -> new RunningServer(folder, "nio", yaml).close())
          .isInstanceOf(ConfigException.class)
          .hasMessageContaining("/pools/app/source: this needs the transport epoll, not nio")
          .hasMessageContaining("/listeners/front/socket/freebind: this needs");
    }
  }

  @Test
  void socketsKeepTheirOptionsWhileTheAddressStays() throws Exception {
    try (TestPeer backend = TestPeer.tcp(TestPeer.on("127.0.0.1"));
        RunningServer running = start(SOURCE, "tcp", backend)) {
      assertThat(running.reload("pool: app }", "pool: app, socket: { backlog: 5 } }"))
          .contains("/listeners/front/socket")
          .contains("cannot change while the address stays");
      InetSocketAddress same = running.address("front");
      assertThat(TestPeer.talk(same, "x")).endsWith("\nx");
    }
  }
}
