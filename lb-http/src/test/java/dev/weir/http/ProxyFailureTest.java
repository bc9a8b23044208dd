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

/** What clients see when backends or clients fail, break off, or take too long. */
final class ProxyFailureTest {
  private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";
  private static final String GET = "GET /a?b=c HTTP/1.1\r\nHost: www.example.com\r\n\r\n";

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
        new ListenerConfig.Timeouts(Duration.ofMillis(200), null, null, null, null);
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
        new ListenerConfig.Timeouts(null, Duration.ofMillis(200), null, null, null);
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
        new ListenerConfig.Timeouts(null, null, Duration.ofMillis(200), null, null);
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
    ListenerConfig.Limits limits = ListenerConfig.Limits.of(100, 1000, 10, 50L);
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
}
