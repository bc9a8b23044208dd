package dev.weir.server.sockets;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.weir.core.config.ConfigException;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Unix sockets on both sides. */
@Timeout(120)
@EnabledOnOs(OS.LINUX)
class UnixSocketTest {
  private static final Duration SOON = Duration.ofSeconds(15);

  private static final String BOTH =
      """
      listeners:
        front: { bind: "unix:FRONT", protocol: PROTOCOL, pool: app, socket: { mode: 0620 } }
      pools:
        app:
          health: { PROTOCOL: {}, interval: 100ms, timeout: 50ms, rise: 1, fall: 1 }
          backends: { a: { address: "unix:BACK" } }
      """;

  @TempDir Path folder;

  private Path front() {
    return folder.resolve("front.sock");
  }

  private UnixDomainSocketAddress at(String name) {
    return UnixDomainSocketAddress.of(folder.resolve(name));
  }

  private RunningServer start(String yaml, String protocol) throws Exception {
    return new RunningServer(
        folder,
        "epoll",
        yaml.replace("PROTOCOL", protocol)
            .replace("FRONT", front().toString())
            .replace("BACK", folder.resolve("back.sock").toString()));
  }

  @Test
  void sessionsPassFromOneToTheOther() throws Exception {
    try (TestPeer backend = TestPeer.tcp(at("back.sock"));
        RunningServer running = start(BOTH, "tcp")) {
      assertThat(TestPeer.talk(at("front.sock"), "hello")).isEqualTo("0 -\nhello");
      await().atMost(SOON).until(() -> !running.ends.isEmpty());
      assertThat(running.ends).containsExactly("front app a none unknown");
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(front())))
          .isEqualTo("rw--w----");
      assertThat(backend.address()).isEqualTo(at("back.sock"));
    }
    assertThat(front()).doesNotExist();
  }

  @Test
  void muchPassesToo() throws Exception {
    String much = "0123456789abcdef".repeat(500_000);
    try (TestPeer backend = TestPeer.tcp(at("back.sock"));
        RunningServer running = start(BOTH, "tcp")) {
      assertThat(TestPeer.talk(at("front.sock"), much).equals("0 -\n" + much)).isTrue();
      assertThat(running.server.connections()).isLessThan(2);
      assertThat(backend.address()).isNotNull();
    }
  }

  @Test
  void requestsPassFromOneToTheOther() throws Exception {
    try (TestPeer backend = TestPeer.http(at("back.sock"));
        RunningServer running = start(BOTH, "http")) {
      for (int i = 0; i < 3; i++) {
        assertThat(TestPeer.get(at("front.sock")))
            .startsWith("HTTP/1.1 200 OK\r\n")
            .contains("\r\nHost: a.example\r\n", "\r\nX-Forwarded-For: unknown\r\n")
            .contains("\r\nX-Forwarded-Host: a.example\r\n")
            .doesNotContain("X-Forwarded-Port");
      }
      assertThat(TestPeer.talk(at("front.sock"), "GET / HTTP/1.0\r\n\r\n"))
          .contains("\r\nHost: localhost\r\n");
      await().atMost(SOON).until(() -> running.ends.size() == 4);
      assertThat(running.ends).containsOnly("front app a none unknown");
      assertThat(backend.address()).isEqualTo(at("back.sock"));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"tcp", "http"})
  void probesSayWhenABackendIsGoneAndWhenItIsBack(String protocol) throws Exception {
    TestPeer backend =
        protocol.equals("tcp") ? TestPeer.tcp(at("back.sock")) : TestPeer.http(at("back.sock"));
    try (RunningServer running = start(BOTH, protocol)) {
      await().atMost(SOON).until(() -> running.eligible("app"));
      backend.remove();
      await().atMost(SOON).until(() -> !running.eligible("app"));
      try (TestPeer again =
          protocol.equals("tcp") ? TestPeer.tcp(at("back.sock")) : TestPeer.http(at("back.sock"))) {
        await().atMost(SOON).until(() -> running.eligible("app"));
        assertThat(again.address()).isEqualTo(at("back.sock"));
      }
    }
  }

  @Test
  void aSocketWhoseProcessIsGoneIsReplaced() throws Exception {
    TestPeer.tcp(at("front.sock")).close();
    assertThat(front()).exists();
    try (TestPeer backend = TestPeer.tcp(at("back.sock"));
        RunningServer running = start(BOTH, "tcp")) {
      assertThat(TestPeer.talk(at("front.sock"), "x")).isEqualTo("0 -\nx");
      assertThat(running.server.connections()).isLessThan(2);
      assertThat(backend.address()).isNotNull();
    }
  }

  @Test
  void aSocketThatSomebodyListensOnIsLeftAlone() throws Exception {
    try (TestPeer other = TestPeer.tcp(at("front.sock"))) {
      assertThatThrownBy(() -> start(BOTH, "tcp").close())
          .isInstanceOf(IOException.class)
          .hasMessage(
              "listener front: cannot listen on unix:"
                  + front()
                  + ": somebody listens there already");
      assertThat(TestPeer.talk(other.address(), "still")).isEqualTo("0 -\nstill");
    }
  }

  @Test
  void aSocketWhoseProcessIsOnlyBusyIsLeftAlone() throws Exception {
    List<SocketChannel> waiting = new ArrayList<>();
    try (ServerSocketChannel busy = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      busy.bind(at("front.sock"), 1);
      boolean room = true;
      while (room) {
        SocketChannel client = SocketChannel.open(StandardProtocolFamily.UNIX);
        waiting.add(client);
        client.configureBlocking(false);
        try {
          room = client.connect(at("front.sock"));
        } catch (IOException full) {
          room = false;
        }
      }
      assertThatThrownBy(() -> start(BOTH, "tcp").close())
          .isInstanceOf(IOException.class)
          .hasMessageEndingWith(": somebody listens there already");
      assertThat(front()).exists();
    } finally {
      for (SocketChannel client : waiting) {
        client.close();
      }
    }
  }

  @Test
  void whatIsNoSocketIsLeftAlone() throws Exception {
    Files.writeString(front(), "precious");
    assertThatThrownBy(() -> start(BOTH, "tcp").close())
        .isInstanceOf(IOException.class)
        .hasMessageEndingWith(": there is something that is no socket");
    assertThat(front()).hasContent("precious");
  }

  @Test
  void aFolderThatIsNotThereAndAGroupThatIsNoneAreNamed() throws Exception {
    assertThatThrownBy(() -> start(BOTH.replace("FRONT", "/no/such/folder/x"), "tcp").close())
        .isInstanceOf(IOException.class)
        .hasMessage(
            "listener front: cannot listen on unix:/no/such/folder/x: No such file or directory");
    String other = BOTH.replace("mode: 0620", "group: nobody-at-all");
    assertThatThrownBy(() -> start(other, "tcp").close())
        .isInstanceOf(IOException.class)
        .hasMessageEndingWith(": there is no group 'nobody-at-all'");
    assertThat(front()).doesNotExist();
  }

  @Test
  void aListenerThatLeavesTakesItsFileAlong() throws Exception {
    String two = BOTH.replace("pools:", "  more: { bind: \"unix:MORE\", pool: app }\npools:");
    Path more = folder.resolve("more.sock");
    try (RunningServer running = start(two.replace("MORE", more.toString()), "http")) {
      assertThat(more).exists();
      running.reload("  more: { bind: \"unix:" + more + "\", pool: app }\n", "");
      await().atMost(SOON).until(() -> !Files.exists(more));
      assertThat(front()).exists();
    }
  }

  @Test
  void theFileOfSomebodyElseIsNotTakenAlong() throws Exception {
    try (RunningServer running = start(BOTH, "tcp")) {
      Files.delete(front());
      Files.writeString(front(), "another's");
      assertThat(running.server.connections()).isZero();
    }
    assertThat(front()).hasContent("another's");
  }

  @ParameterizedTest
  @ValueSource(strings = {"v1", "v2"})
  void backendsAreToldThatTheClientIsNotKnown(String version) throws Exception {
    try (TestPeer backend = TestPeer.tcp(at("back.sock"));
        RunningServer running =
            start(
                BOTH.replace("  app:", "  app:\n    proxyProtocol: " + version)
                    .replaceAll("health: .*", "retries: 0"),
                "tcp")) {
      String told = TestPeer.talk(at("front.sock"), "x").substring("0 -\n".length());
      assertThat(told)
          .isEqualTo(version.equals("v1") ? "PROXY UNKNOWN\r\nx" : "\r\n\r\n\0\r\nQUIT\n \0\0\0x");
      assertThat(running.server.connections()).isLessThan(2);
      assertThat(backend.address()).isNotNull();
    }
  }

  @Test
  void whoeverMayConnectMaySayByAPROXYHeaderWhoTheClientIs() throws Exception {
    String told = BOTH.replace("pool: app", "pool: app, proxyProtocol: { from: [192.0.2.1] }");
    try (TestPeer backend = TestPeer.tcp(at("back.sock"));
        RunningServer running = start(told, "tcp")) {
      String header = "PROXY TCP4 10.1.2.3 10.0.0.1 4000 80\r\n";
      assertThat(TestPeer.talk(at("front.sock"), header + "x")).isEqualTo("0 -\nx");
      await().atMost(SOON).until(() -> !running.ends.isEmpty());
      assertThat(running.ends).containsExactly("front app a none 10.1.2.3");
      assertThat(TestPeer.talk(at("front.sock"), "no header\r\n")).isEmpty();
      assertThat(backend.address()).isNotNull();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"nio", "io_uring"})
  void otherTransportsSayThatTheyCannot(String transport) {
    String yaml = BOTH.replace("PROTOCOL", "tcp").replace("FRONT", "/f").replace("BACK", "/b");
    assertThatThrownBy(() -> new RunningServer(folder, transport, yaml).close())
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining(
            "/listeners/front/bind: Unix sockets need the transport epoll, not " + transport)
        .hasMessageContaining("/pools/app/backends/a/address: Unix sockets need");
  }
}
