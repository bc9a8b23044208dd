package dev.weir.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.weir.core.config.HealthConfig;
import dev.weir.core.config.ListenerConfig;
import dev.weir.core.config.PoolConfig;
import dev.weir.core.config.ProxyProtocolConfig;
import dev.weir.core.control.Ticker;
import dev.weir.core.health.ProbeResult;
import dev.weir.core.net.Loops;
import dev.weir.core.net.ProxyHeaders;
import dev.weir.core.net.ProxyVersion;
import dev.weir.core.net.Transport;
import dev.weir.core.observe.Cause;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** PROXY headers of clients to HTTP listeners, and of HTTP listeners to backends. */
@Timeout(60)
final class ProxyProtocolTest {
  private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";
  private static final String GET = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";
  private static final InetSocketAddress CLIENT = new InetSocketAddress("192.0.2.7", 5000);
  private static final InetSocketAddress FRONT = new InetSocketAddress("198.51.100.2", 443);

  /** What backends were sent before the first request of a connection. */
  private final Queue<String> headers = new ConcurrentLinkedQueue<>();

  private static ListenerConfig listening(String routes, String... trusted) {
    ListenerConfig plain =
        routes == null ? Proxy.listening(null, null, trusted) : Yaml.listener(routes);
    return plain.withProxyProtocol(new ProxyProtocolConfig(List.of("127.0.0.0/8"), null, null));
  }

  private static PoolConfig telling(String version) {
    return Proxy.pooling(null).withProxyProtocol(version);
  }

  /** Reads a header of version 1, or of version 2 in hexadecimal digits, and answers requests. */
  private RawBackend backend(int binary) throws Exception {
    return new RawBackend(
        peer -> {
          String header = binary == 0 ? line(peer) : hex(peer.read(binary));
          headers.add(header);
          while (peer.request() != null) {
            peer.send(OK);
          }
        });
  }

  private static String line(RawBackend.Peer peer) throws Exception {
    StringBuilder line = new StringBuilder();
    while (line.indexOf("\n") < 0) {
      line.append(peer.read(1));
    }
    return line.toString();
  }

  private static String hex(String bytes) {
    return HexFormat.of().formatHex(Chars.bytes(bytes));
  }

  // ---- from clients

  @ParameterizedTest
  @EnumSource(ProxyVersion.class)
  void theClientOfTheHeaderIsWhoTheBackendIsTold(ProxyVersion version) throws Exception {
    try (RawBackend backend = RawBackend.answering(OK);
        Proxy proxy = new Proxy(listening(null), Proxy.pooling(null), backend.address());
        RawClient client = proxy.client()) {
      client.send(version.header(CLIENT, FRONT)).send(GET);
      assertThat(client.readResponse()).endsWith("ok");
      client.send(GET);
      assertThat(client.readResponse()).endsWith("ok");
      for (int i = 0; i < 2; i++) {
        assertThat(backend.requests.poll())
            .contains("X-Forwarded-For: 192.0.2.7\r\n", "X-Forwarded-Port: 443\r\n");
      }
      client.endOutput();
      client.readAll();
      await().until(() -> proxy.closed.size() == 1);
      assertThat(proxy.closed).containsExactly(Cause.NONE);
    }
  }

  @Test
  void whatTheHeaderSaysBesideAddressesIsPassedOn() throws Exception {
    ProxyHeaders all =
        ProxyHeaders.all().stream()
            .filter(header -> header.name().equals("all of them"))
            .findAny()
            .orElseThrow();
    BlockingQueue<String> told = new LinkedBlockingQueue<>();
    RawBackend.Script script =
        peer -> {
          told.add(ProxyHeaders.read(peer.socket.getInputStream()));
          while (peer.request() != null) {
            peer.send(OK);
          }
        };
    try (RawBackend backend = new RawBackend(script);
        Proxy proxy =
            new Proxy(
                listening(null),
                Proxy.pooling(null)
                    .withProxyProtocol("v2", "authority", "alpn", "unique-id", "crc32c"),
                backend.address());
        RawClient client = proxy.client();
        RawClient other = proxy.client()) {
      assertThat(client.send(all.bytes()).send(GET).readResponse()).endsWith("ok");
      assertThat(told.poll(10, TimeUnit.SECONDS)).isEqualTo(all.verdict());
      // One that has said nothing of it gets an id all the same, and no name: Host is the
      // request's.
      other.send(ProxyVersion.V1.header(CLIENT, FRONT)).send(GET);
      assertThat(other.readResponse()).endsWith("ok");
      assertThat(told.poll(10, TimeUnit.SECONDS))
          .matches("192\\.0\\.2\\.7 \\d+ > 198\\.51\\.100\\.2 443; id=[0-9a-f]{32}");
    }
  }

  @Test
  void headerAndRequestMayComeTogetherOrByteByByte() throws Exception {
    byte[] input = Chars.bytes("PROXY TCP6 2001:db8::7 ::1 5000 443\r\n" + GET);
    try (RawBackend backend = RawBackend.answering(OK);
        Proxy proxy = new Proxy(listening(null), Proxy.pooling(null), backend.address());
        RawClient together = proxy.client();
        RawClient drip = proxy.client()) {
      assertThat(together.send(input).readResponse()).endsWith("ok");
      for (byte b : input) {
        drip.send(new byte[] {b});
      }
      assertThat(drip.readResponse()).endsWith("ok");
      assertThat(backend.requests)
          .hasSize(2)
          .allMatch(head -> head.contains("X-Forwarded-For: 2001:db8:0:0:0:0:0:7\r\n"));
    }
  }

  @Test
  void routesSeeTheClientOfTheHeader() throws Exception {
    String routes =
        """
        routes:
          - { name: inside, match: { sources: [192.0.2.0/24] }, respond: { status: 204 } }
          - { name: loop, match: { sources: [127.0.0.0/8] }, respond: { status: 201 } }
          - { name: rest, match: {}, respond: { status: 403 } }
        """;
    try (RawBackend backend = RawBackend.answering(OK);
        Proxy proxy = new Proxy(listening(routes), Proxy.pooling(null), backend.address());
        RawClient inside = proxy.client();
        RawClient local = proxy.client();
        RawClient other = proxy.client()) {
      inside.send(ProxyVersion.V2.header(CLIENT, FRONT));
      assertThat(inside.send(GET).readHead()).contains(" 204 ");
      local.send(ProxyVersion.V2.local());
      assertThat(local.send(GET).readHead()).contains(" 201 ");
      other.send(ProxyVersion.V1.header(new InetSocketAddress("203.0.113.9", 1), FRONT));
      assertThat(other.send(GET).readHead()).contains(" 403 ");
    }
  }

  @Test
  void trustedProxiesAreThoseOfTheHeader() throws Exception {
    String forwarded = "GET / HTTP/1.1\r\nHost: a\r\nX-Forwarded-For: 6.6.6.6\r\n\r\n";
    try (RawBackend backend = RawBackend.answering(OK);
        Proxy proxy =
            new Proxy(listening(null, "192.0.2.0/24"), Proxy.pooling(null), backend.address());
        RawClient trusted = proxy.client();
        RawClient stranger = proxy.client()) {
      trusted.send(ProxyVersion.V1.header(CLIENT, FRONT)).send(forwarded);
      assertThat(trusted.readResponse()).endsWith("ok");
      assertThat(backend.requests.poll()).contains("X-Forwarded-For: 6.6.6.6, 192.0.2.7\r\n");
      stranger.send(ProxyVersion.V1.header(FRONT, CLIENT)).send(forwarded);
      assertThat(stranger.readResponse()).endsWith("ok");
      assertThat(backend.requests.poll()).contains("X-Forwarded-For: 198.51.100.2\r\n");
    }
  }

  @Test
  void aRequestWithoutAHeaderGetsToNobody() throws Exception {
    try (RawBackend backend = RawBackend.answering(OK);
        Proxy proxy = new Proxy(listening(null), Proxy.pooling(null), backend.address());
        RawClient client = proxy.client()) {
      client.send("G");
      assertThat(client.readAll()).isEmpty();
      assertThat(proxy.closed).containsExactly(Cause.BAD_PROXY_HEADER);
      assertThat(proxy.ended).isEmpty();
      assertThat(backend.requests).isEmpty();
    }
  }

  // ---- to backends

  @Test
  void aConnectionBeginsWithTheHeaderOfItsClient() throws Exception {
    try (RawBackend backend = backend(0);
        Proxy proxy = new Proxy(Proxy.listening(null, null), telling("v1"), backend.address());
        RawClient client = proxy.client()) {
      assertThat(client.send(GET).readResponse()).endsWith("ok");
      int from = client.port();
      int to = proxy.listener.address().getPort();
      assertThat(headers)
          .containsExactly("PROXY TCP4 127.0.0.1 127.0.0.1 " + from + " " + to + "\r\n");
      assertThat(backend.requests.poll()).startsWith("GET / HTTP/1.1\r\n");
    }
  }

  @Test
  void theHeaderThatCameGoesOn() throws Exception {
    try (RawBackend backend = backend(28);
        Proxy proxy = new Proxy(listening(null), telling("v2"), backend.address());
        RawClient client = proxy.client()) {
      client.send(ProxyVersion.V1.header(CLIENT, FRONT)).send(GET);
      assertThat(client.readResponse()).endsWith("ok");
      String expected = HexFormat.of().formatHex(ProxyVersion.V2.header(CLIENT, FRONT));
      assertThat(headers).containsExactly(expected);
    }
  }

  @Test
  void anUpstreamConnectionServesOneClientOnlyAndAllOfItsRequests() throws Exception {
    try (RawBackend backend = backend(0);
        Proxy proxy = new Proxy(Proxy.listening(null, null), telling("v1"), backend.address());
        RawClient one = proxy.client();
        RawClient other = proxy.client()) {
      for (int i = 0; i < 5; i++) {
        assertThat(one.send(GET).readResponse()).endsWith("ok");
        assertThat(other.send(GET).readResponse()).endsWith("ok");
      }
      assertThat(backend.connections).hasValue(2);
      assertThat(headers).hasSize(2);
      assertThat(Set.copyOf(headers)).hasSize(2);
      assertThat(proxy.pool.backends().get(0).connections()).isEqualTo(2);
      // What waits for a client goes with it.
      one.close();
      await().until(() -> proxy.pool.backends().get(0).connections() == 1);
      assertThat(other.send(GET).readResponse()).endsWith("ok");
      assertThat(backend.connections).hasValue(2);
    }
  }

  @Test
  void aClientThatEndsWhileItsLastAnswerComesLeavesNothingBehind() throws Exception {
    try (RawBackend backend = backend(0);
        Proxy proxy = new Proxy(Proxy.listening(null, null), telling("v1"), backend.address());
        RawClient client = proxy.client()) {
      client.send("GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
      assertThat(client.readAll()).endsWith("ok");
      await().until(() -> proxy.pool.backends().get(0).connections() == 0);
    }
  }

  @Test
  void whatWaitsForOneClientMakesRoomForAnother() throws Exception {
    PoolConfig one = Proxy.limited(null, 1, 10, Duration.ofSeconds(20)).withProxyProtocol("v1");
    try (RawBackend backend = backend(0);
        Proxy proxy = new Proxy(Proxy.listening(null, null), one, backend.address());
        RawClient first = proxy.client();
        RawClient second = proxy.client()) {
      for (int i = 0; i < 3; i++) {
        assertThat(first.send(GET).readResponse()).endsWith("ok");
        assertThat(second.send(GET).readResponse()).endsWith("ok");
      }
      assertThat(headers).hasSize(6);
    }
  }

  @Test
  void aRepeatedAttemptIntroducesTheClientToo() throws Exception {
    RawBackend.Script rude = peer -> headers.add(line(peer));
    try (RawBackend closes = new RawBackend(rude);
        RawBackend backend = backend(0);
        Proxy proxy =
            new Proxy(
                Proxy.listening(null, null), telling("v1"), closes.address(), backend.address())) {
      for (int i = 0; i < 4; i++) {
        try (RawClient client = proxy.client()) {
          assertThat(client.send(GET).readResponse()).endsWith("ok");
        }
      }
      assertThat(headers).hasSizeGreaterThan(4).allMatch(line -> line.startsWith("PROXY TCP4 "));
    }
  }

  @Test
  void aClientKeepsConnectionsToAFewBackendsOnly() throws Exception {
    List<RawBackend> backends = new ArrayList<>();
    int many = ProxiedClient.MOST_WAITING + 3;
    for (int i = 0; i < many; i++) {
      backends.add(backend(0));
    }
    InetSocketAddress[] at =
        backends.stream().map(RawBackend::address).toArray(InetSocketAddress[]::new);
    try (Proxy proxy = new Proxy(Proxy.listening(null, null), telling("v1"), at);
        RawClient client = proxy.client()) {
      for (int i = 0; i < many; i++) {
        assertThat(client.send(GET).readResponse()).endsWith("ok");
      }
      assertThat(headers).hasSize(many);
      await()
          .until(
              () ->
                  proxy.pool.backends().stream().mapToInt(b -> b.connections()).sum()
                      == ProxiedClient.MOST_WAITING);
    } finally {
      for (RawBackend backend : backends) {
        backend.close();
      }
    }
  }

  // ---- probes

  @ParameterizedTest
  @ValueSource(strings = {"v1", "v2"})
  void probesSayThatTheyAreNobodys(String version) throws Exception {
    try (RawBackend backend = backend(version.equals("v1") ? 0 : 16);
        Loops loops =
            new Loops(Transport.of("auto"), 1, Ticker.system(), new SplittableRandom(1))) {
      HealthConfig.Http http = new HealthConfig.Http("/health", null, null, null);
      PoolConfig pool =
          new PoolConfig(
                  null,
                  new HealthConfig(http, null, null, null, null, null, null),
                  null,
                  null,
                  null,
                  null)
              .withProxyProtocol(version);
      CompletableFuture<ProbeResult> answer = new CompletableFuture<>();
      new HttpProbeFactory(loops)
          .create(pool, "/pools/web/health", problem -> {})
          .ask(backend.address(), "a:80", Duration.ofSeconds(10), answer::complete);
      assertThat(answer.get(10, TimeUnit.SECONDS).reason()).isEqualTo("status 200");
      String local =
          version.equals("v1")
              ? "PROXY UNKNOWN\r\n"
              : HexFormat.of().formatHex(ProxyVersion.V2.local());
      assertThat(headers).containsExactly(local);
      assertThat(backend.requests.poll()).startsWith("GET /health HTTP/1.1\r\n");
    }
  }
}
