package dev.weir.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
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
