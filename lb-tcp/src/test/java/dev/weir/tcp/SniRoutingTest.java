package dev.weir.tcp;

import static dev.weir.tcp.RouteRig.ANY_PORT;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.weir.core.config.ListenerConfig;
import dev.weir.core.config.MatchConfig;
import dev.weir.core.config.PoolConfig;
import dev.weir.core.config.ProxyProtocolConfig;
import dev.weir.core.config.RouteConfig;
import dev.weir.core.net.Hellos;
import dev.weir.core.net.ProxyVersion;
import dev.weir.core.net.Transport;
import dev.weir.core.observe.Cause;
import dev.weir.tcp.RouteRig.End;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Sessions whose pool depends on what a TLS client asks for, over real sockets. */
@Timeout(60)
class SniRoutingTest {
  private static final byte[] A = Hellos.of("A.test", "h2", "http/1.1");
  private static final byte[] B = Hellos.of("b.test");
  private static final byte[] ENDLESS = Hellos.of("a.test", "x".repeat(255), "y".repeat(255));
  private static final byte[] ELSE = Hellos.of("else.test");
  private static final byte[] HANDSHAKE_FAILED = {21, 3, 3, 0, 2, 2, 112};
  private static final byte[] UNREADABLE = {21, 3, 3, 0, 2, 2, 50};
  private static final PoolConfig PLAIN = new PoolConfig(null, null, null, null, 0, null);

  static List<Transport> transports() {
    return Transport.available();
  }

  private static RouteConfig route(String name, String sni, String pool) {
    MatchConfig match = MatchConfig.ofConnection(List.of(sni), null, null);
    return new RouteConfig(
        name, match, pool, null, null, null, null, null, null, null, null, null, null, null, null);
  }

  private static ListenerConfig config(String rest, Duration hello, Integer bytes) {
    ListenerConfig.Limits limits =
        new ListenerConfig.Limits(null, null, null, null, null, null, null, null, null, bytes);
    ListenerConfig.Timeouts timeouts = new ListenerConfig.Timeouts(null, null, null, null, hello);
    return new ListenerConfig(ANY_PORT, "tcp", null, null, timeouts, limits, null)
        .withRoutes(List.of(route("first", "a.test", "a"), route(null, "*.test", "b")), rest);
  }

  /** Routes a.test to a, every other name below test to b, and the rest where it is said. */
  private static RouteRig rig(Transport transport, String rest) throws Exception {
    ListenerConfig config = config(rest, Duration.ofSeconds(30), null);
    return new RouteRig(transport, config, PLAIN, "a", "b", "rest");
  }

  private static byte[] bytes(String text) {
    return text.getBytes(ISO_8859_1);
  }

  private static byte[] join(byte[]... parts) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      all.writeBytes(part);
    }
    return all.toByteArray();
  }

  private static byte[] all(Socket socket) throws Exception {
    return socket.getInputStream().readAllBytes();
  }

  /** Lets both sides say a word and end. */
  private static void converse(Socket client, Socket server, byte[] before) throws Exception {
    client.getOutputStream().write(bytes("more"));
    client.shutdownOutput();
    assertThat(all(server)).isEqualTo(join(before, bytes("more")));
    server.getOutputStream().write(bytes("answer"));
    server.close();
    assertThat(all(client)).isEqualTo(bytes("answer"));
  }

  @ParameterizedTest
  @MethodSource("transports")
  void theNameThatIsAskedForDecidesAndTheHelloArrivesAsItWas(Transport transport) throws Exception {
    try (RouteRig rig = rig(transport, "rest")) {
      Socket client = rig.client(A);
      converse(client, rig.at("a"), A);
      assertThat(rig.end())
          .isEqualTo(new End(Cause.NONE, "first", "a", "a.test", "h2,http/1.1", null));
      client = rig.client(B);
      converse(client, rig.at("b"), B);
      assertThat(rig.end()).isEqualTo(new End(Cause.NONE, null, "b", "b.test", null, null));
      byte[] other = Hellos.of("a.example");
      client = rig.client(other);
      converse(client, rig.at("rest"), other);
      assertThat(rig.end()).isEqualTo(new End(Cause.NONE, null, "rest", "a.example", null, null));
      rig.settled();
    }
  }

  @ParameterizedTest
  @MethodSource("transports")
  void itMayComeByteByByteInManyRecordsAndWithDataBehind(Transport transport) throws Exception {
    byte[] pieces = join(Hellos.records(Hellos.unwrapped(A), 3), bytes("early"));
    try (RouteRig rig = rig(transport, null)) {
      Socket client = rig.client(new byte[0]);
      for (byte one : pieces) {
        client.getOutputStream().write(one);
      }
      converse(client, rig.at("a"), pieces);
      assertThat(rig.end().cause()).isEqualTo(Cause.NONE);
      Socket atOnce = rig.client(pieces);
      converse(atOnce, rig.at("a"), pieces);
      rig.settled();
    }
  }

  @ParameterizedTest
  @MethodSource("transports")
  void whatHasNoNameGoesToTheRest(Transport transport) throws Exception {
    byte[][] all = {
      Hellos.real(null, List.of("h2"), "TLSv1.3"),
      Hellos.of("192.0.2.1"),
      bytes("EHLO a.test\r\n"),
      bytes("x"),
      {(byte) 0x80, 46, 1, 3, 1, 0, 21},
      // Longer than is looked at, by its own words.
      {22, 3, 1, 0x40, 0, 1, 0, 0x3f, (byte) 0xff}
    };
    try (RouteRig rig = rig(transport, "rest")) {
      for (byte[] said : all) {
        Socket client = rig.client(said);
        converse(client, rig.at("rest"), said);
        End end = rig.end();
        assertThat(end.cause()).isEqualTo(Cause.NONE);
        assertThat(end.sni()).isNull();
      }
      rig.settled();
    }
  }

  @ParameterizedTest
  @MethodSource("transports")
  void aTlsClientThatNoRouteTakesHearsThatItsNameIsNotKnown(Transport transport) throws Exception {
    ListenerConfig onlyA =
        config(null, null, null).withRoutes(List.of(route("first", "a.test", "a")), null);
    try (RouteRig rig = new RouteRig(transport, onlyA, PLAIN, "a")) {
      for (byte[] said :
          List.of(ELSE, Hellos.of("192.0.2.1"), new byte[] {22, 3, 1, 0x40, 0, 1, 0, 0x7f, 1})) {
        assertThat(all(rig.client(said))).isEqualTo(HANDSHAKE_FAILED);
        End end = rig.end();
        assertThat(end.cause()).isEqualTo(Cause.NO_ROUTE);
        assertThat(end.pool()).isNull();
        assertThat(end.route()).isNull();
      }
      assertThat(rig.closed).containsOnly(Cause.NO_ROUTE);
      rig.settled();
      assertThat(rig.backends.get("a").untouched()).isTrue();
    }
  }

  @ParameterizedTest
  @MethodSource("transports")
  void othersThatNoRouteTakesAreReset(Transport transport) throws Exception {
    try (RouteRig rig = rig(transport, null)) {
      Socket client = rig.client(bytes("GET / HTTP/1.1\r\n\r\n"));
      assertReset(client);
      assertThat(rig.end().cause()).isEqualTo(Cause.NO_ROUTE);
      rig.settled();
    }
  }

  @ParameterizedTest
  @MethodSource("transports")
  void aBrokenHelloReachesNobody(Transport transport) throws Exception {
    byte[][] broken = {
      Hellos.of("a.test\0"),
      Hellos.of("a..test"),
      {22, 3, 1, 0, 4, 1, 0, 0, 0},
      {22, 3, 1, 0, 4, 2, 0, 0, 9}
    };
    try (RouteRig rig = rig(transport, "rest")) {
      for (byte[] said : broken) {
        assertThat(all(rig.client(said))).isEqualTo(UNREADABLE);
        End end = rig.end();
        assertThat(end).isEqualTo(new End(Cause.BAD_HELLO, null, null, null, null, null));
      }
      rig.settled();
      rig.backends.values().forEach(backend -> assertThat(backend.untouched()).isTrue());
    }
  }

  @ParameterizedTest
  @MethodSource("transports")
  void aHelloThatDoesNotComeInTimeEndsTheSession(Transport transport) throws Exception {
    ListenerConfig soon = config("rest", Duration.ofMillis(100), null);
    try (RouteRig rig = new RouteRig(transport, soon, PLAIN, "a", "b", "rest")) {
      for (byte[] said : List.of(new byte[0], Arrays.copyOf(A, A.length - 1))) {
        assertReset(rig.client(said));
        assertThat(rig.end().cause()).isEqualTo(Cause.HELLO_TIMEOUT);
      }
      // By the time that a later, silent one has been ended, the other's time has passed too.
      Socket client = rig.client(A);
      Socket server = rig.at("a");
      assertReset(rig.client(new byte[0]));
      converse(client, server, A);
      rig.settled();
    }
  }

  @ParameterizedTest
  @MethodSource("transports")
  void slowBytesDoNotProlongTheTime(Transport transport) throws Exception {
    ListenerConfig soon = config("rest", Duration.ofMillis(300), null);
    try (RouteRig rig = new RouteRig(transport, soon, PLAIN, "a", "b", "rest")) {
      Socket client = rig.client(new byte[0]);
      AtomicInteger next = new AtomicInteger();
      await()
          .atMost(RouteRig.SOON)
          .pollInterval(Duration.ofMillis(20))
          .until(() -> !rig.ends.isEmpty() || !dripped(client, next));
      assertThat(rig.end().cause()).isEqualTo(Cause.HELLO_TIMEOUT);
      rig.settled();
    }
  }

  /** One byte more, of a hello that is never whole; false when nobody takes it any more. */
  private static boolean dripped(Socket client, AtomicInteger next) throws IOException {
    try {
      client.getOutputStream().write(ENDLESS[next.getAndIncrement()]);
      return true;
    } catch (SocketException reset) {
      return false;
    }
  }

  @ParameterizedTest
  @MethodSource("transports")
  void whatIsLongerThanIsLookedAtHasNoName(Transport transport) throws Exception {
    ListenerConfig small = config("rest", Duration.ofSeconds(30), 512);
    byte[] records = Hellos.records(Hellos.unwrapped(A), 1);
    assertThat(records.length).isBetween(513, 1_000);
    try (RouteRig rig = new RouteRig(transport, small, PLAIN, "a", "b", "rest")) {
      Socket client = rig.client(new byte[0]);
      for (byte one : records) {
        client.getOutputStream().write(one);
      }
      converse(client, rig.at("rest"), records);
      rig.settled();
    }
  }

  @ParameterizedTest
  @MethodSource("transports")
  void whoLeavesInTheHelloIsGone(Transport transport) throws Exception {
    try (RouteRig rig = rig(transport, "rest")) {
      for (byte[] said : List.of(new byte[0], Arrays.copyOf(A, 20))) {
        Socket ends = rig.client(said);
        ends.shutdownOutput();
        assertReset(ends);
        assertThat(rig.end().cause()).isEqualTo(Cause.CLIENT_ABORT);
        Socket resets = rig.client(said);
        await().atMost(RouteRig.SOON).until(() -> rig.listener.openConnections() == 1);
        resets.setSoLinger(true, 0);
        resets.close();
        assertThat(rig.end().cause()).isEqualTo(Cause.CLIENT_ABORT);
      }
      rig.settled();
    }
  }

  @ParameterizedTest
  @MethodSource("transports")
  void itsEndMayComeWithTheHello(Transport transport) throws Exception {
    try (RouteRig rig = rig(transport, null)) {
      Socket client = rig.client(A);
      client.shutdownOutput();
      Socket server = rig.at("a");
      assertThat(all(server)).isEqualTo(A);
      server.close();
      assertThat(all(client)).isEmpty();
      assertThat(rig.end().cause()).isEqualTo(Cause.NONE);
      rig.settled();
    }
  }

  @ParameterizedTest
  @MethodSource("transports")
  void aListenerThatEndsDoesNotWaitForHellos(Transport transport) throws Exception {
    try (RouteRig rig = rig(transport, "rest")) {
      Socket client = rig.client(Arrays.copyOf(A, 20));
      await().atMost(RouteRig.SOON).until(() -> rig.listener.openConnections() == 1);
      rig.listener.abort();
      assertReset(client);
      assertThat(rig.end().cause()).isEqualTo(Cause.SHUTDOWN);
      rig.settled();
    }
  }

  @Test
  void manyHelloesAtOnceAllFindTheirWay() throws Exception {
    try (RouteRig rig = rig(Transport.of("auto"), "rest")) {
      for (int i = 0; i < 200; i++) {
        byte[] said = i % 2 == 0 ? A : B;
        converse(rig.client(said), rig.at(i % 2 == 0 ? "a" : "b"), said);
      }
      rig.settled();
    }
  }

  // ---- no route asks for the hello

  @ParameterizedTest
  @MethodSource("transports")
  void byItsSourceAloneAServerMaySpeakFirst(Transport transport) throws Exception {
    MatchConfig us = MatchConfig.ofConnection(null, null, List.of("127.0.0.0/8"));
    ListenerConfig config =
        config(null, null, null).withRoutes(List.of(RouteConfig.of(us, "a")), "rest");
    try (RouteRig rig = new RouteRig(transport, config, PLAIN, "a", "rest")) {
      Socket client = rig.client(new byte[0]);
      Socket server = rig.at("a");
      server.getOutputStream().write(bytes("welcome"));
      assertThat(client.getInputStream().readNBytes(7)).isEqualTo(bytes("welcome"));
      converse(client, server, new byte[0]);
      rig.settled();
    }
  }

  // ---- with PROXY headers

  @ParameterizedTest
  @MethodSource("transports")
  void aProxyHeaderMayComeBeforeTheHelloAndOneIsWritten(Transport transport) throws Exception {
    InetSocketAddress source = new InetSocketAddress("192.0.2.7", 5000);
    InetSocketAddress front = new InetSocketAddress("198.51.100.2", 443);
    byte[] in = ProxyVersion.V2.header(source, front);
    MatchConfig match = MatchConfig.ofConnection(List.of("a.test"), null, List.of("192.0.2.0/24"));
    ListenerConfig config =
        config(null, Duration.ofSeconds(30), null)
            .withRoutes(List.of(RouteConfig.of(match, "a")), null)
            .withProxyProtocol(new ProxyProtocolConfig(List.of("127.0.0.0/8"), null, null));
    PoolConfig told = PLAIN.withProxyProtocol("v2", "authority");
    byte[] out = in.clone();
    out[15] = 12 + 3 + 6;
    out = join(out, new byte[] {2, 0, 6}, bytes("a.test"));
    try (RouteRig rig = new RouteRig(transport, config, told, "a")) {
      for (int piece : new int[] {1, 7, 1_000}) {
        byte[] said = join(in, A);
        Socket client = rig.client(new byte[0]);
        for (int at = 0; at < said.length; at += piece) {
          client.getOutputStream().write(said, at, Math.min(piece, said.length - at));
        }
        converse(client, rig.at("a"), join(out, A));
      }
      rig.settled();
    }
  }

  private static void assertReset(Socket client) throws Exception {
    TcpSessionTest.assertReset(client);
  }
}
