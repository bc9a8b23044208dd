package dev.weir.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which connections to a backend serve a second request, and which must not. */
final class ReuseTest {
  private static final String GET = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";
  private static final String POST = "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n";
  private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";
  private static final String POISON = "HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\npoison";
  private static final long MILLI = 1_000_000L;

  /** Connections that two requests take, the first of which has these fields and this answer. */
  private static int connections(String fields, String answer) throws Exception {
    try (RawBackend backend = RawBackend.answering(answer);
        Proxy proxy = Proxy.to(backend.address());
        RawClient client = proxy.client()) {
      client.send("GET / HTTP/1.1\r\nHost: a\r\n" + fields + "\r\n").readResponse();
      client.send(GET).readResponse();
      assertThat(backend.requests).hasSize(2);
      return backend.connections.get();
    }
  }

  @Test
  void aPlainExchangeLeavesItsConnectionToTheNext() throws Exception {
    assertThat(connections("", OK)).isEqualTo(1);
    assertThat(connections("Authorization: Basic abc\r\n", OK)).isEqualTo(1);
  }

  @Test
  void bytesBehindAnAnswerEndTheConnection() throws Exception {
    assertThat(connections("", OK + "x")).isEqualTo(2);
  }

  @Test
  void anUpgradeEndsTheConnectionEvenWhenItIsNotGranted() throws Exception {
    String upgrade = "Connection: upgrade\r\nUpgrade: websocket\r\n";
    assertThat(connections(upgrade, OK)).isEqualTo(2);
  }

  @ParameterizedTest
  @ValueSource(strings = {"NTLM", "negotiate abc", "Basic realm=x, NTLM"})
  void aChallengeThatBindsTheConnectionEndsIt(String challenge) throws Exception {
    String answer =
        "HTTP/1.1 401 No\r\nContent-Length: 2\r\nWWW-Authenticate: " + challenge + "\r\n\r\nno";
    assertThat(connections("", answer)).isEqualTo(2);
  }

  @ParameterizedTest
  @ValueSource(strings = {"NTLM abc", "Negotiate abc"})
  void credentialsThatBindTheConnectionEndIt(String credentials) throws Exception {
    assertThat(connections("Authorization: " + credentials + "\r\n", OK)).isEqualTo(2);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\nok",
        "HTTP/1.0 200 OK\r\nContent-Length: 2\r\n\r\nok",
      })
  void aBackendThatAnnouncesItsCloseIsBelieved(String answer) throws Exception {
    assertThat(connections("", answer)).isEqualTo(2);
  }

  @Test
  void anAnswerBeforeTheEndOfItsRequestEndsTheConnection() throws Exception {
    Queue<RawBackend.Peer> peers = new ConcurrentLinkedQueue<>();
    try (RawBackend backend = serving(peers);
        Proxy proxy = Proxy.to(backend.address());
        RawClient early = proxy.client();
        RawClient next = proxy.client()) {
      early.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nab");
      assertThat(early.readResponse()).contains("Connection: close\r\n").endsWith("ok");
      assertThat(next.send(GET).readResponse()).endsWith("ok");
      assertThat(peers).hasSize(2);
    }
  }

  @Test
  void whatMayNotBeSentTwiceTakesAFreshConnectionAfterATenthOfASecond() throws Exception {
    try (RawBackend backend = RawBackend.answering(OK);
        Proxy proxy = Proxy.to(backend.address());
        RawClient client = proxy.client()) {
      client.send(GET).readResponse();
      proxy.ahead.addAndGet(100 * MILLI);
      client.send(POST).readResponse();
      assertThat(backend.connections).hasValue(2);
      proxy.ahead.addAndGet(100 * MILLI);
      client.send(GET).readResponse();
      assertThat(backend.connections).hasValue(2);
    }
  }

  @Test
  void aConnectionThatWasClosedWhileTheRequestWasOnItsWayTeachesItsIdleTime() throws Exception {
    Queue<RawBackend.Peer> peers = new ConcurrentLinkedQueue<>();
    try (RawBackend backend =
            new RawBackend(
                peer -> {
                  peers.add(peer);
                  boolean first = peers.size() == 1;
                  while (peer.request() != null) {
                    if (first && backendClosesAt(peer)) {
                      return;
                    }
                    peer.send(OK);
                  }
                });
        Proxy proxy = Proxy.to(backend.address());
        RawClient client = proxy.client()) {
      client.send(GET).readResponse();
      proxy.ahead.addAndGet(20 * MILLI);
      client.send("GET /close HTTP/1.1\r\nHost: a\r\n\r\n");
      assertThat(client.readResponse()).endsWith("ok");
      assertThat(peers).hasSize(2);
      // The clock goes on by itself too, so a quarter of the usual 100 ms shows what was learned.
      proxy.ahead.addAndGet(25 * MILLI);
      client.send(POST).readResponse();
      assertThat(peers).hasSize(3);
    }
  }

  private static boolean backendClosesAt(RawBackend.Peer peer) {
    return peer.last().startsWith("GET /close ");
  }

  /** Answers everything, and shows its ends of the connections. */
  private static RawBackend serving(Queue<RawBackend.Peer> peers) throws Exception {
    return new RawBackend(
        peer -> {
          peers.add(peer);
          while (peer.request() != null) {
            peer.send(OK);
          }
        });
  }

  /**
   * A waiting connection on which something happens after a request for it has come and before the
   * event loop hears of either; the loop then takes the request first.
   */
  @ParameterizedTest
  @CsvSource({"GET, bytes", "GET, end", "POST, bytes", "POST, end"})
  void whatTheLoopHasNotHeardOfYetIsHeeded(String method, String what) throws Exception {
    Queue<RawBackend.Peer> peers = new ConcurrentLinkedQueue<>();
    CountDownLatch go = new CountDownLatch(1);
    try (RawBackend backend = serving(peers);
        Proxy proxy = Proxy.to(backend.address());
        RawClient client = proxy.client()) {
      assertThat(client.send(GET).readResponse()).endsWith("ok");
      CountDownLatch stopped = new CountDownLatch(1);
      proxy
          .loops
          .get(0)
          .loop()
          .execute(
              () -> {
                stopped.countDown();
                awaitQuietly(go);
              });
      stopped.await();
      client.send(method.equals("GET") ? GET : POST);
      RawBackend.Peer peer = peers.element();
      if (what.equals("bytes")) {
        peer.send(POISON);
      } else {
        peer.socket.shutdownOutput();
      }
      passLoopback();
      proxy.ahead.addAndGet(2 * MILLI);
      go.countDown();
      assertThat(client.readResponse()).endsWith("\r\n\r\nok");
      assertThat(proxy.ended).allMatch(end -> end.attempts() == 1);
      assertThat(peers).hasSize(2);
    }
  }

  /** What was sent through the loopback interface before has arrived when this returns. */
  private static void passLoopback() throws Exception {
    try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        Socket one = new Socket(server.getInetAddress(), server.getLocalPort());
        Socket other = server.accept()) {
      for (int i = 0; i < 50; i++) {
        one.getOutputStream().write(i);
        assertThat(other.getInputStream().read()).isEqualTo(i);
        other.getOutputStream().write(i);
        assertThat(one.getInputStream().read()).isEqualTo(i);
      }
    }
  }

  private static void awaitQuietly(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  @Test
  void anAnswerThatFillsTheReadBufferIsNotTheLastOnItsConnectionIfBytesFollow() throws Exception {
    String head = "HTTP/1.1 200 OK\r\nContent-Length: 2007\r\n\r\n";
    String answer = head + "x".repeat(2007);
    assertThat(answer.length()).isEqualTo(2048);
    try (RawBackend backend =
            new RawBackend(
                peer -> {
                  while (peer.request() != null) {
                    peer.send(answer + POISON);
                  }
                });
        Proxy proxy = Proxy.to(backend.address());
        RawClient client = proxy.client()) {
      client.send(GET + GET + GET);
      for (int i = 0; i < 3; i++) {
        assertThat(client.readResponse()).endsWith("x");
      }
      assertThat(backend.connections).hasValue(3);
    }
  }
}
