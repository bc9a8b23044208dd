package dev.weir.tcp;

import static dev.weir.tcp.RouteRig.ANY_PORT;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.weir.core.config.ListenerConfig;
import dev.weir.core.config.PoolConfig;
import dev.weir.core.config.ProxyProtocolConfig;
import dev.weir.core.net.ProxyHeaders;
import dev.weir.core.net.Transport;
import dev.weir.core.observe.Cause;
import dev.weir.core.observe.ProxyHeader;
import dev.weir.tcp.RouteRig.End;
import java.io.IOException;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The corpus of PROXY headers at a real listener, and what headers say beside addresses. */
@Timeout(120)
class ProxyHeadersTest {
  private static final PoolConfig PLAIN = new PoolConfig(null, null, null, null, 0, null);
  private static final List<String> US = List.of("127.0.0.0/8");

  private static RouteRig rig(PoolConfig pool, List<String> from, String others, int millis)
      throws IOException {
    ListenerConfig config =
        new ListenerConfig(ANY_PORT, "tcp", null, "a", null, null, null)
            .withProxyProtocol(new ProxyProtocolConfig(from, others, Duration.ofMillis(millis)));
    return new RouteRig(Transport.of("auto"), config, pool, "a");
  }

  private static List<ProxyHeaders> headers(String verdict) {
    return ProxyHeaders.all().stream()
        .filter(
            header ->
                switch (verdict) {
                  case "bad" -> header.bad();
                  case "short" -> header.isShort();
                  default -> !header.bad() && !header.isShort();
                })
        .toList();
  }

  private static byte[] bytes(String text) {
    return text.getBytes(ISO_8859_1);
  }

  private static ProxyHeaders header(String name) {
    return ProxyHeaders.all().stream().filter(h -> h.name().equals(name)).findAny().orElseThrow();
  }

  @Test
  void whatIsMalformedIsClosedAndReachesNobody() throws Exception {
    try (RouteRig rig = rig(PLAIN, US, null, 60_000)) {
      for (ProxyHeaders bad : headers("bad")) {
        try (Socket client = rig.client(bad.bytes())) {
          await().atMost(RouteRig.SOON).until(() -> !rig.closed.isEmpty());
          assertThat(rig.closed.poll()).as(bad.name()).isEqualTo(Cause.BAD_PROXY_HEADER);
        }
      }
      rig.settled();
      assertThat(rig.ends).isEmpty();
      assertThat(rig.headers).isEmpty();
      assertThat(rig.backends.get("a").untouched()).isTrue();
    }
  }

  @Test
  void whatIsWellFormedIsTakenOffAndCounted() throws Exception {
    try (RouteRig rig = rig(PLAIN, US, null, 60_000)) {
      for (ProxyHeaders good : headers("good")) {
        Socket client = rig.client(good.bytes());
        client.getOutputStream().write(bytes("hello"));
        client.shutdownOutput();
        try (Socket server = rig.at("a")) {
          assertThat(server.getInputStream().readAllBytes())
              .as(good.name())
              .isEqualTo(bytes("hello"));
        }
        assertThat(rig.headers.poll())
            .as(good.name())
            .isEqualTo(
                good.verdict().startsWith("nobody") ? ProxyHeader.NOBODY : ProxyHeader.CLIENT);
      }
      rig.settled();
      assertThat(rig.closed).containsOnly(Cause.NONE);
    }
  }

  @Test
  void whatIsCutOffAndThenSilentEndsInTime() throws Exception {
    try (RouteRig rig = rig(PLAIN, US, null, 100)) {
      List<ProxyHeaders> cut = headers("short");
      for (ProxyHeaders each : cut) {
        rig.client(each.bytes());
      }
      rig.client(new byte[0]);
      await().atMost(RouteRig.SOON).until(() -> rig.closed.size() == cut.size() + 1);
      assertThat(rig.closed).containsOnly(Cause.PROXY_HEADER_TIMEOUT);
      rig.settled();
      assertThat(rig.backends.get("a").untouched()).isTrue();
    }
  }

  @Test
  void fromElsewhereNoHeaderIsReadWhateverItSays() throws Exception {
    List<String> elsewhere = List.of("192.0.2.0/24");
    try (RouteRig rig = rig(PLAIN, elsewhere, "refuse", 60_000)) {
      for (String name : List.of("tcp4", "unknown", "four", "local", "a wrong checksum")) {
        Socket client = new Socket();
        client.connect(rig.listener.address(), 5_000);
        await().atMost(RouteRig.SOON).until(() -> !rig.closed.isEmpty());
        assertThat(rig.closed.poll()).as(name).isEqualTo(Cause.DENIED);
        client.close();
      }
      assertThat(rig.headers).isEmpty();
      rig.settled();
    }
    try (RouteRig rig = rig(PLAIN, elsewhere, "serve", 60_000)) {
      for (String name : List.of("tcp4", "unknown", "four", "local", "a wrong checksum")) {
        byte[] said = header(name).bytes();
        Socket client = rig.client(said);
        client.shutdownOutput();
        try (Socket server = rig.at("a")) {
          // Data like any other: what is not believed is not taken off either.
          assertThat(server.getInputStream().readAllBytes()).isEqualTo(said);
        }
        assertThat(rig.headers.poll()).isEqualTo(ProxyHeader.NONE);
      }
      rig.settled();
    }
  }

  // ---- beside addresses

  private static String passedOn(RouteRig rig, String name) throws Exception {
    Socket client = rig.client(header(name).bytes());
    client.getOutputStream().write(bytes("hello"));
    client.shutdownOutput();
    try (Socket server = rig.at("a")) {
      String said = ProxyHeaders.read(server.getInputStream());
      assertThat(server.getInputStream().readAllBytes()).isEqualTo(bytes("hello"));
      return said;
    }
  }

  @Test
  void whatAHeaderSaysIsPassedOnAsThePoolWantsIt() throws Exception {
    PoolConfig all = PLAIN.withProxyProtocol("v2", "authority", "alpn", "unique-id", "crc32c");
    try (RouteRig rig = rig(all, US, null, 60_000)) {
      assertThat(passedOn(rig, "all of them")).isEqualTo(header("all of them").verdict());
      assertThat(rig.end()).isEqualTo(new End(Cause.NONE, null, "a", "a.test", "h2", "7"));
    }
    try (RouteRig rig = rig(PLAIN.withProxyProtocol("v2", "alpn"), US, null, 60_000)) {
      assertThat(passedOn(rig, "all of them"))
          .isEqualTo("192.0.2.1 56324 > 198.51.100.2 443; alpn=h2");
    }
    try (RouteRig rig = rig(PLAIN.withProxyProtocol("v2"), US, null, 60_000)) {
      assertThat(passedOn(rig, "all of them")).isEqualTo("192.0.2.1 56324 > 198.51.100.2 443");
    }
  }

  @Test
  void whoBringsNoIdGetsOneThatTheLogHasToo() throws Exception {
    PoolConfig named = PLAIN.withProxyProtocol("v2", "unique-id");
    try (RouteRig rig = rig(named, US, null, 60_000)) {
      String first = passedOn(rig, "four");
      assertThat(first).matches("192\\.0\\.2\\.1 .*; id=[0-9a-f]{32}");
      assertThat(first).endsWith("; id=" + rig.end().id());
      assertThat(passedOn(rig, "four")).isNotEqualTo(first);
      // Nobody's connection is its own client's, with an id of its own.
      assertThat(passedOn(rig, "local")).matches("127\\.0\\.0\\.1 .*; id=[0-9a-f]{32}");
    }
  }
}
