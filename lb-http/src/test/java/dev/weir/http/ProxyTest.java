package dev.weir.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.weir.core.config.ListenerConfig;
import dev.weir.core.config.PoolConfig;
import dev.weir.core.observe.Cause;
import java.io.IOException;
import java.net.SocketException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

/** One exchange after another over real sockets: what a client and a backend see of the proxy. */
final class ProxyTest {
  private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";
  private static final String GET = "GET /a?b=c HTTP/1.1\r\nHost: www.example.com\r\n\r\n";

  @Test
  void aRequestIsPassedOnWithItsFieldsAndTheForwardedOnes() throws Exception {
    try (RawBackend backend = RawBackend.answering(OK);
        Proxy proxy = Proxy.to(backend.address());
        RawClient client = proxy.client()) {
      client.send(
          "GET /a/../b?c=/../d HTTP/1.1\r\nHost: www.example.com:81\r\nAccept:  */*  \r\n"
              + "X-Forwarded-For: 6.6.6.6\r\nx_forwarded_for: 6.6.6.6\r\nProxy: evil\r\n"
              + "Connection: keep-alive, X-Hop\r\nX-Hop: 1\r\nKeep-Alive: 5\r\n\r\n");
      assertThat(client.readResponse()).startsWith("HTTP/1.1 200 OK\r\n").endsWith("\r\n\r\nok");
      String seen = backend.requests.poll();
      assertThat(seen)
          .startsWith(
              "GET /b?c=/../d HTTP/1.1\r\nHost: www.example.com:81\r\nAccept: */*\r\n"
                  + "X-Forwarded-For: 127.0.0.1\r\nX-Forwarded-Proto: http\r\n")
          .contains("X-Forwarded-Host: www.example.com:81\r\n")
          .containsPattern("X-Request-Id: [0-9a-f]{32}\r\n")
          .doesNotContain("6.6.6.6", "Proxy:", "X-Hop", "Keep-Alive", "Connection");
    }
  }

  @Test
  void aTrustedProxysForwardedFieldsAreKeptAndAppendedTo() throws Exception {
    try (RawBackend backend = RawBackend.answering(OK);
        Proxy proxy =
            new Proxy(
                Proxy.listening(null, null, "127.0.0.0/8"),
                Proxy.pooling(null),
                backend.address());
        RawClient client = proxy.client()) {
      client.send(
          "GET / HTTP/1.1\r\nHost: a\r\nX-Forwarded-For: 1.2.3.4\r\nX-Forwarded-Proto: https\r\n"
              + "X-Request-Id: mine\r\n\r\n");
      client.readResponse();
      assertThat(backend.requests.poll())
          .contains("X-Forwarded-For: 1.2.3.4, 127.0.0.1\r\n", "X-Forwarded-Proto: https\r\n")
          .contains("X-Request-Id: mine\r\n")
          .doesNotContain("Proto: http\r\n");
    }
  }

  @Test
  void bothSidesAreKeptAlive() throws Exception {
    try (RawBackend backend = RawBackend.answering(OK);
        Proxy proxy = Proxy.to(backend.address());
        RawClient client = proxy.client()) {
      for (int i = 0; i < 5; i++) {
        assertThat(client.send(GET).readResponse()).doesNotContain("Connection: close");
      }
      assertThat(backend.connections).hasValue(1);
      assertThat(proxy.ended).hasSize(5);
    }
  }

  @Test
  void pipelinedRequestsAreAnsweredInOrder() throws Exception {
    try (RawBackend backend =
            new RawBackend(
                peer -> {
                  String head = peer.request();
                  while (head != null) {
                    String path = head.split(" ")[1];
                    peer.send(
                        "HTTP/1.1 200 OK\r\nContent-Length: " + path.length() + "\r\n\r\n" + path);
                    head = peer.request();
                  }
                });
        Proxy proxy = Proxy.to(backend.address());
        RawClient client = proxy.client()) {
      StringBuilder burst = new StringBuilder();
      for (int i = 100; i < 400; i++) {
        burst.append("GET /").append(i).append(" HTTP/1.1\r\nHost: a\r\n\r\n");
      }
      client.send(burst.toString());
      for (int i = 100; i < 400; i++) {
        assertThat(client.readResponse()).endsWith("\r\n\r\n/" + i);
      }
    }
  }

  @Test
  void aHeadThatDripsInByteByByteIsUnderstood() throws Exception {
    try (RawBackend backend = RawBackend.answering(OK);
        Proxy proxy = Proxy.to(backend.address());
        RawClient client = proxy.client()) {
      for (byte b : Chars.bytes("\r\n" + GET)) {
        client.send(new byte[] {b});
      }
      assertThat(client.readResponse()).endsWith("ok");
    }
  }

  @Test
  void aChunkedUploadArrivesWithTheSameBytesAndItsTrailers() throws Exception {
    try (RawBackend backend =
            new RawBackend(
                peer -> {
                  peer.request();
                  peer.send("HTTP/1.1 200 OK\r\nContent-Length: 31\r\n\r\n" + peer.read(31));
                });
        Proxy proxy = Proxy.to(backend.address());
        RawClient client = proxy.client()) {
      client.send("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n");
      client.send("5;x=y\r\nhello\r\n");
      client.send("3\r\nabc\r\n0\r\nX-Sum: 1\r\nHost: evil\r\n\r\n");
      String answer = client.readResponse();
      assertThat(backend.requests.poll()).contains("Transfer-Encoding: chunked\r\n");
      assertThat(answer).endsWith("5\r\nhello\r\n3\r\nabc\r\n0\r\nX-Sum: 1\r\n");
    }
  }

  @Test
  void aResponseWithoutLengthIsChunkedForTheClientAndEndsCleanly() throws Exception {
    try (RawBackend backend =
            new RawBackend(
                peer -> {
                  peer.request();
                  peer.send("HTTP/1.1 200 OK\r\n\r\nall of it");
                });
        Proxy proxy = Proxy.to(backend.address());
        RawClient client = proxy.client()) {
      assertThat(client.send(GET).readHead()).contains("Transfer-Encoding: chunked\r\n");
      assertThat(client.read(19)).isEqualTo("9\r\nall of it\r\n0\r\n\r\n");
    }
  }

  @Test
  void anHttp10ClientGetsNoChunksAndAClose() throws Exception {
    try (RawBackend backend =
            RawBackend.answering(
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n");
        Proxy proxy = Proxy.to(backend.address());
        RawClient client = proxy.client()) {
      assertThat(client.send("GET / HTTP/1.0\r\n\r\n").readAll())
          .contains("Connection: close\r\n")
          .doesNotContain("chunked")
          .endsWith("\r\n\r\nabc");
    }
  }

  @Test
  void headAndNotModifiedHaveNoBodyWhateverTheirLengthSays() throws Exception {
    try (RawBackend backend =
            new RawBackend(
                peer -> {
                  peer.request();
                  peer.send("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n");
                  peer.request();
                  peer.send("HTTP/1.1 304 Not Modified\r\nContent-Length: 100\r\n\r\n");
                  peer.request();
                  peer.send(OK);
                });
        Proxy proxy = Proxy.to(backend.address());
        RawClient client = proxy.client()) {
      client.send("HEAD / HTTP/1.1\r\nHost: a\r\n\r\n");
      assertThat(client.readHead()).contains("Content-Length: 100\r\n");
      assertThat(client.send(GET).readHead()).contains("304 Not Modified");
      assertThat(client.send(GET).readResponse()).endsWith("ok");
      assertThat(backend.connections).hasValue(1);
    }
  }

  @Test
  void continueIsRelayedFromTheBackend() throws Exception {
    try (RawBackend backend =
            new RawBackend(
                peer -> {
                  peer.request();
                  peer.send("HTTP/1.1 100 Continue\r\n\r\n");
                  peer.read(4);
                  peer.send(OK);
                });
        Proxy proxy = Proxy.to(backend.address());
        RawClient client = proxy.client()) {
      client.send(
          "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\nExpect: 100-continue\r\n\r\n");
      assertThat(client.readHead()).startsWith("HTTP/1.1 100 Continue");
      assertThat(client.send("body").readResponse()).endsWith("ok");
    }
  }

  @Test
  void continueComesFromTheProxyWhenTheBackendStaysSilent() throws Exception {
    try (RawBackend backend =
            new RawBackend(
                peer -> {
                  peer.request();
                  peer.read(4);
                  peer.send("HTTP/1.1 100 Continue\r\n\r\n" + OK);
                });
        Proxy proxy = Proxy.to(backend.address());
        RawClient client = proxy.client()) {
      client.send(
          "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\nExpect: 100-continue\r\n\r\n");
      assertThat(client.readHead()).startsWith("HTTP/1.1 100 Continue");
      assertThat(client.send("body").readResponse()).startsWith("HTTP/1.1 200").endsWith("ok");
    }
  }

  @Test
  void aRefusedBackendIsReplacedByAnotherForEveryMethod() throws Exception {
    try (RawBackend backend =
            new RawBackend(
                peer -> {
                  for (String head = peer.request(); head != null; head = peer.request()) {
                    peer.read(RawClient.length(head));
                    peer.send(OK);
                  }
                });
        Proxy proxy = Proxy.to(RawBackend.refusing(), RawBackend.refusing(), backend.address());
        RawClient client = proxy.client()) {
      for (int i = 0; i < 6; i++) {
        client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabc");
        assertThat(client.readResponse()).startsWith("HTTP/1.1 200").endsWith("ok");
      }
    }
  }

  @Test
  void whenNobodyAcceptsTheAnswerIs503AndTheConnectionGoesOn() throws Exception {
    try (Proxy proxy = Proxy.to(RawBackend.refusing(), RawBackend.refusing());
        RawClient client = proxy.client()) {
      assertThat(client.send(GET).readResponse())
          .startsWith("HTTP/1.1 503 Service Unavailable\r\n")
          .contains("Retry-After: 1\r\n", "Weir-Cause: connect_failed\r\n");
      // Both are ejected now, and nothing is tried.
      assertThat(client.send(GET).readResponse()).contains("Weir-Cause: no_backend\r\n");
      assertThat(proxy.ended.poll().attempts()).isEqualTo(2);
    }
  }

  @Test
  void aGetWhoseBackendResetsIsRepeatedOnAnother() throws Exception {
    try (RawBackend broken =
            new RawBackend(
                peer -> {
                  peer.request();
                  peer.reset();
                });
        RawBackend good = RawBackend.answering(OK);
        Proxy proxy = Proxy.to(broken.address(), good.address());
        RawClient client = proxy.client()) {
      for (int i = 0; i < 4; i++) {
        assertThat(client.send(GET).readResponse()).startsWith("HTTP/1.1 200").endsWith("ok");
      }
    }
  }

  @Test
  void aPutWithItsBodyIsRepeatedOnAnotherBackend() throws Exception {
    try (RawBackend broken =
            new RawBackend(
                peer -> {
                  peer.request();
                  peer.read(5);
                  peer.reset();
                });
        RawBackend good =
            new RawBackend(
                peer -> {
                  peer.request();
                  peer.send("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n" + peer.read(5));
                });
        Proxy proxy = Proxy.to(broken.address(), good.address());
        RawClient client = proxy.client()) {
      client.send("PUT / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhello");
      assertThat(client.readResponse()).endsWith("hello");
    }
  }

  @Test
  void aPostThatWasSentIsNeverRepeated() throws Exception {
    RawBackend.Script breaks =
        peer -> {
          peer.request();
          peer.read(3);
          peer.reset();
        };
    try (RawBackend one = new RawBackend(breaks);
        RawBackend two = new RawBackend(breaks);
        Proxy proxy = Proxy.to(one.address(), two.address());
        RawClient client = proxy.client()) {
      client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabc");
      assertThat(client.readResponse())
          .startsWith("HTTP/1.1 502 Bad Gateway\r\n")
          .contains("Weir-Cause: backend_reset\r\n");
      assertThat(one.requests.size() + two.requests.size()).isEqualTo(1);
    }
  }

  @Test
  void aKeptConnectionThatTheBackendClosedIsReplacedEvenWithOneBackend() throws Exception {
    try (RawBackend backend =
            new RawBackend(
                peer -> {
                  peer.request();
                  peer.send(OK);
                });
        Proxy proxy = Proxy.to(backend.address());
        RawClient client = proxy.client()) {
      for (int i = 0; i < 20; i++) {
        assertThat(client.send(GET).readResponse()).startsWith("HTTP/1.1 200").endsWith("ok");
      }
    }
  }

  @Test
  void aTruncatedBodyIsSeenAsTruncated() throws Exception {
    try (RawBackend backend =
            new RawBackend(
                peer -> {
                  peer.request();
                  peer.send("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf");
                });
        Proxy proxy = Proxy.to(backend.address());
        RawClient client = proxy.client()) {
      assertThat(client.send(GET).readAll()).endsWith("\r\n\r\nhalf");
      await().until(() -> !proxy.ended.isEmpty());
      assertThat(proxy.ended.poll().cause()).isEqualTo(Cause.BACKEND_RESET);
    }
  }

  @Test
  void aTruncatedChunkedBodyNeverLooksCompleteToAnHttp10Client() throws Exception {
    try (RawBackend backend =
            new RawBackend(
                peer -> {
                  peer.request();
                  peer.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n");
                });
        Proxy proxy = Proxy.to(backend.address());
        RawClient client = proxy.client()) {
      client.send("GET / HTTP/1.0\r\n\r\n");
      assertThatThrownBy(client::readAll).isInstanceOf(SocketException.class);
    }
  }

  @Test
  void nonsenseFromTheBackendIs502AndNoneOfItReachesTheClient() throws Exception {
    try (RawBackend backend =
            new RawBackend(
                peer -> {
                  peer.request();
                  peer.send("SSH-2.0-OpenSSH_9.2\r\n");
                  peer.readAll();
                });
        Proxy proxy = Proxy.to(backend.address());
        RawClient client = proxy.client()) {
      client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n");
      assertThat(client.readResponse())
          .startsWith("HTTP/1.1 502")
          .contains("Weir-Cause: backend_garbage\r\n")
          .doesNotContain("SSH");
    }
  }

  @Test
  void surplusBytesOfABackendReachNobody() throws Exception {
    try (RawBackend backend = RawBackend.answering(OK + "HTTP/1.1 200 OK\r\nX: poison\r\n\r\n");
        Proxy proxy = Proxy.to(backend.address());
        RawClient client = proxy.client()) {
      for (int i = 0; i < 5; i++) {
        assertThat(client.send(GET).readResponse()).endsWith("ok").doesNotContain("poison");
      }
      assertThat(backend.connections).hasValue(5);
    }
  }

  @Test
  void anEarlyAnswerIsPassedOnAndTheUploadEnds() throws Exception {
    try (RawBackend backend =
            new RawBackend(
                peer -> {
                  peer.request();
                  peer.send("HTTP/1.1 413 Content Too Large\r\nContent-Length: 3\r\n\r\nbig");
                  peer.readAll();
                });
        Proxy proxy = Proxy.to(backend.address());
        RawClient client = proxy.client()) {
      client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 100000\r\n\r\nbegin");
      assertThat(client.readAll()).contains("Connection: close\r\n").endsWith("\r\n\r\nbig");
    }
  }

  @Test
  void aBackendThatNeverAnswersIs504() throws Exception {
    PoolConfig.Timeouts timeouts =
        new PoolConfig.Timeouts(null, Duration.ofMillis(200), null, null);
    try (RawBackend backend = new RawBackend(RawBackend.Peer::readAll);
        Proxy proxy =
            new Proxy(Proxy.listening(null, null), Proxy.pooling(timeouts), backend.address());
        RawClient client = proxy.client()) {
      assertThat(client.send(GET).readResponse())
          .startsWith("HTTP/1.1 504 Gateway Timeout\r\n")
          .contains("Weir-Cause: backend_timeout\r\n");
    }
  }

  @Test
  void aHeadThatTakesTooLongIs408() throws Exception {
    ListenerConfig.Timeouts timeouts =
        new ListenerConfig.Timeouts(Duration.ofMillis(200), null, null, null);
    try (RawBackend backend = RawBackend.answering(OK);
        Proxy proxy =
            new Proxy(Proxy.listening(timeouts, null), Proxy.pooling(null), backend.address());
        RawClient client = proxy.client()) {
      assertThat(client.send("GET / HTTP/1.1\r\nHos").readAll())
          .startsWith("HTTP/1.1 408")
          .contains("Weir-Cause: client_header_timeout\r\n");
    }
  }

  @Test
  void aBodyThatStopsComingIs408() throws Exception {
    ListenerConfig.Timeouts timeouts =
        new ListenerConfig.Timeouts(null, Duration.ofMillis(200), null, null);
    try (RawBackend backend = new RawBackend(RawBackend.Peer::readAll);
        Proxy proxy =
            new Proxy(Proxy.listening(timeouts, null), Proxy.pooling(null), backend.address());
        RawClient client = proxy.client()) {
      client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\nhalf");
      assertThat(client.readAll())
          .startsWith("HTTP/1.1 408")
          .contains("Weir-Cause: client_body_timeout\r\n");
    }
  }

  @Test
  void anIdleConnectionIsClosedInSilence() throws Exception {
    ListenerConfig.Timeouts timeouts =
        new ListenerConfig.Timeouts(null, null, Duration.ofMillis(200), null);
    try (RawBackend backend = RawBackend.answering(OK);
        Proxy proxy =
            new Proxy(Proxy.listening(timeouts, null), Proxy.pooling(null), backend.address());
        RawClient client = proxy.client()) {
      client.send(GET).readResponse();
      assertThat(client.readAll()).isEmpty();
    }
  }

  @Test
  void limitsAreAnsweredWithTheirOwnStatus() throws Exception {
    ListenerConfig.Limits limits = new ListenerConfig.Limits(100, 1000, 10, 50L);
    try (RawBackend backend = RawBackend.answering(OK);
        Proxy proxy =
            new Proxy(Proxy.listening(null, limits), Proxy.pooling(null), backend.address())) {
      assertStatus(proxy, "GET /" + "a".repeat(200) + " HTTP/1.1\r\nHost: a\r\n\r\n", 414);
      assertStatus(proxy, "GET / HTTP/1.1\r\nHost: a\r\nX: " + "a".repeat(1000) + "\r\n\r\n", 431);
      assertStatus(proxy, "GET / HTTP/1.1\r\nHost: a\r\n" + "X: 1\r\n".repeat(11) + "\r\n", 431);
      assertStatus(proxy, "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 51\r\n\r\n", 413);
      assertStatus(
          proxy,
          "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n40\r\n"
              + "a".repeat(64)
              + "\r\n0\r\n\r\n",
          413);
    }
  }

  private static void assertStatus(Proxy proxy, String request, int status) throws IOException {
    try (RawClient client = proxy.client()) {
      assertThat(client.send(request).readAll())
          .startsWith("HTTP/1.1 " + status + " ")
          .contains("Connection: close\r\n");
    } catch (Exception failure) {
      throw new IOException(request.substring(0, 30), failure);
    }
  }

  @Test
  void theResponseComesCompleteAfterTheClientHasEndedItsSide() throws Exception {
    CountDownLatch go = new CountDownLatch(1);
    try (RawBackend backend =
            new RawBackend(
                peer -> {
                  peer.request();
                  go.await();
                  peer.send(OK);
                });
        Proxy proxy = Proxy.to(backend.address());
        RawClient client = proxy.client()) {
      client.send(GET).endOutput();
      go.countDown();
      assertThat(client.readAll()).endsWith("\r\n\r\nok");
    }
  }

  @Test
  void aClientThatGoesTakesItsUpstreamConnectionWithIt() throws Exception {
    CountDownLatch gone = new CountDownLatch(1);
    try (RawBackend backend =
            new RawBackend(
                peer -> {
                  peer.request();
                  peer.readAll();
                  gone.countDown();
                });
        Proxy proxy = Proxy.to(backend.address());
        RawClient client = proxy.client()) {
      client.send(GET);
      await().until(() -> backend.requests.size() == 1);
      client.reset();
      gone.await();
      await().until(() -> proxy.leases() == 0);
      assertThat(proxy.ended.poll().cause()).isEqualTo(Cause.CLIENT_ABORT);
    }
  }

  @Test
  void anUpgradeBecomesATunnel() throws Exception {
    try (RawBackend backend =
            new RawBackend(
                peer -> {
                  peer.request();
                  peer.send(
                      "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\n"
                          + "Upgrade: websocket\r\n\r\nhi");
                  peer.send(peer.read(3));
                  peer.send("bye");
                });
        Proxy proxy = Proxy.to(backend.address());
        RawClient client = proxy.client()) {
      client.send(
          "GET /ws HTTP/1.1\r\nHost: a\r\nConnection: upgrade\r\nUpgrade: websocket\r\n\r\n");
      assertThat(client.readHead())
          .startsWith("HTTP/1.1 101 ")
          .contains("Connection: Upgrade\r\nUpgrade: websocket\r\n");
      assertThat(backend.requests.peek()).contains("Connection: Upgrade\r\nUpgrade: websocket\r\n");
      assertThat(client.read(2)).isEqualTo("hi");
      assertThat(client.send("abc").readAll()).isEqualTo("abcbye");
    }
  }

  @Test
  void bytesBehindARefusedUpgradeReachNoBackendAsATunnel() throws Exception {
    try (RawBackend backend = RawBackend.answering(OK);
        Proxy proxy = Proxy.to(backend.address());
        RawClient client = proxy.client()) {
      client.send(
          "GET /ws HTTP/1.1\r\nHost: a\r\nConnection: upgrade\r\nUpgrade: websocket\r\n\r\n"
              + "GET /second HTTP/1.1\r\nHost: a\r\n\r\n");
      assertThat(client.readResponse()).endsWith("ok");
      assertThat(client.readResponse()).endsWith("ok");
      assertThat(backend.requests).hasSize(2);
    }
  }

  @Test
  void drainingFinishesWhatRunsAndAnnouncesTheClose() throws Exception {
    CountDownLatch go = new CountDownLatch(1);
    try (RawBackend backend =
            new RawBackend(
                peer -> {
                  peer.request();
                  go.await();
                  peer.send(OK);
                });
        Proxy proxy = Proxy.to(backend.address());
        RawClient client = proxy.client();
        RawClient idle = proxy.client()) {
      client.send(GET);
      await().until(() -> backend.requests.size() == 1);
      proxy.drain();
      go.countDown();
      assertThat(client.readAll()).contains("Connection: close\r\n").endsWith("\r\n\r\nok");
      assertThat(idle.readAll()).isEmpty();
    }
  }

  @Test
  void aLargeBodyIsByteExactBothWaysThroughSlowReaders() throws Exception {
    byte[] data = new byte[8_000_000];
    new java.util.SplittableRandom(7).nextBytes(data);
    try (RawBackend backend =
            new RawBackend(
                peer -> {
                  String head = peer.request();
                  int length = RawClient.length(head);
                  peer.send("HTTP/1.1 200 OK\r\nContent-Length: " + length + "\r\n\r\n");
                  byte[] buffer = new byte[10_000];
                  for (int left = length; left > 0; ) {
                    int n = peer.socket.getInputStream().read(buffer, 0, Math.min(left, 10_000));
                    peer.socket.getOutputStream().write(buffer, 0, n);
                    left -= n;
                  }
                });
        Proxy proxy = Proxy.to(backend.address());
        RawClient client = proxy.client()) {
      Thread sender =
          new Thread(
              () -> {
                try {
                  client.send(
                      "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: " + data.length + "\r\n\r\n");
                  client.send(data);
                } catch (IOException failed) {
                  throw new AssertionError(failed);
                }
              });
      sender.start();
      assertThat(client.readHead()).startsWith("HTTP/1.1 200");
      assertThat(Chars.bytes(client.read(data.length))).isEqualTo(data);
      sender.join();
    }
  }
}
