package dev.weir.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.weir.core.config.PoolConfig;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Backends that mean harm or have gone mad: what they cost, and what their clients see. */
final class MaliciousBackendTest {
  private static final String GET = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";
  private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";
  private static final String NO = "HTTP/1.1 403 No\r\nContent-Length: 2\r\n\r\nno";

  /** Far more than any buffer on the way holds. */
  private static final long MUCH = 200_000_000L;

  private static Proxy impatient(RawBackend backend) throws Exception {
    PoolConfig.Timeouts timeouts =
        new PoolConfig.Timeouts(null, Duration.ofMillis(300), Duration.ofMillis(300), null);
    return new Proxy(Proxy.listening(null, null), Proxy.pooling(timeouts), backend.address());
  }

  /** Sends the same bytes until the proxy has had enough; adds up how many it could send. */
  private static void flood(RawBackend.Peer peer, String bytes, AtomicLong sent)
      throws IOException {
    String much = bytes.repeat(1 + 10_000 / bytes.length());
    while (sent.get() < MUCH) {
      peer.send(much);
      sent.addAndGet(much.length());
    }
  }

  @Test
  void bytesThatComeWhileNobodyAskedCloseTheConnectionAndReachNobody() throws Exception {
    CountDownLatch answered = new CountDownLatch(1);
    CountDownLatch closed = new CountDownLatch(1);
    try (RawBackend backend =
            new RawBackend(
                peer -> {
                  boolean first = peer.request().startsWith("GET /first ");
                  peer.send(OK);
                  if (first) {
                    answered.await();
                    peer.send("HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\npoison");
                    peer.readAll();
                    closed.countDown();
                  } else {
                    peer.request();
                  }
                });
        Proxy proxy = Proxy.to(backend.address());
        RawClient one = proxy.client();
        RawClient two = proxy.client()) {
      assertThat(one.send("GET /first HTTP/1.1\r\nHost: a\r\n\r\n").readResponse()).endsWith("ok");
      answered.countDown();
      closed.await();
      assertThat(two.send(GET).readResponse()).endsWith("\r\n\r\nok");
      assertThat(backend.connections).hasValue(2);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n",
        "HTTP/1.1 100 Continue\r\n\r\n",
        "HTTP/1.1 102 Processing\r\n\r\n",
      })
  void aFloodOfInterimResponsesEndsIn502(String interim) throws Exception {
    assertFloodIs502("", interim);
  }

  @Test
  void aHeadWithoutEndIs502() throws Exception {
    assertFloodIs502("HTTP/1.1 200 OK\r\nX: ", "x");
    assertFloodIs502("HTTP/1.1 200 OK\r\n", "X: y\r\n");
    assertFloodIs502("HTTP/1.1 200 ", "O");
    assertFloodIs502("HTTP/1.1 200 OK\r\n", "X");
    assertFloodIs502("", "HTTP/1.1 ");
    assertFloodIs502("", "\r\n");
  }

  private static void assertFloodIs502(String begin, String flood) throws Exception {
    AtomicLong sent = new AtomicLong();
    CountDownLatch stopped = new CountDownLatch(1);
    try (RawBackend backend =
            new RawBackend(
                peer -> {
                  try {
                    peer.request();
                    peer.send(begin);
                    flood(peer, flood, sent);
                  } finally {
                    stopped.countDown();
                  }
                });
        Proxy proxy = Proxy.to(backend.address());
        RawClient client = proxy.client()) {
      String head = client.send(GET).readHead();
      while (head.startsWith("HTTP/1.1 1")) {
        head = client.readHead();
      }
      assertThat(head).startsWith("HTTP/1.1 502").contains("Weir-Cause: backend_garbage\r\n");
      stopped.await();
      assertThat(sent.get()).isLessThan(MUCH);
    }
  }

  @Test
  void aTrailerSectionWithoutEndIsATruncatedBody() throws Exception {
    AtomicLong sent = new AtomicLong();
    try (RawBackend backend =
            new RawBackend(
                peer -> {
                  peer.request();
                  peer.send(
                      "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n");
                  flood(peer, "X: y\r\n", sent);
                });
        Proxy proxy = Proxy.to(backend.address());
        RawClient client = proxy.client()) {
      assertThat(client.send(GET).readAll()).endsWith("\r\n\r\n2\r\nok\r\n");
      assertThat(sent.get()).isLessThan(MUCH);
    }
  }

  @Test
  void aBodyWithoutEndCostsNoMoreThanTheClientReads() throws Exception {
    AtomicLong sent = new AtomicLong();
    CountDownLatch stopped = new CountDownLatch(1);
    try (RawBackend backend =
            new RawBackend(
                peer -> {
                  peer.request();
                  peer.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
                  try {
                    flood(peer, "4\r\nabcd\r\n", sent);
                  } finally {
                    stopped.countDown();
                  }
                });
        Proxy proxy = Proxy.to(backend.address());
        RawClient client = proxy.client()) {
      client.send(GET).readHead();
      // Until nothing more goes: every buffer on the way is full.
      await()
          .during(Duration.ofMillis(300))
          .atMost(Duration.ofSeconds(20))
          .until(sent::get, new Still());
      assertThat(sent.get()).isLessThan(MUCH / 2);
      client.reset();
      stopped.await();
    }
  }

  @Test
  void anEarlyAnswerReachesAClientThatIsStillSending() throws Exception {
    try (RawBackend backend =
            new RawBackend(
                peer -> {
                  peer.request();
                  peer.send(NO);
                  peer.readAll();
                });
        Proxy proxy = Proxy.to(backend.address());
        RawClient client = proxy.client()) {
      assertEarly(client);
    }
  }

  @Test
  void anEarlyAnswerOfABackendThatNeverReadsReachesTheClient() throws Exception {
    CountDownLatch over = new CountDownLatch(1);
    try (RawBackend backend =
            new RawBackend(
                peer -> {
                  peer.request();
                  peer.send(NO);
                  over.await();
                });
        Proxy proxy = Proxy.to(backend.address());
        RawClient client = proxy.client()) {
      assertEarly(client);
      over.countDown();
    }
  }

  private static void assertEarly(RawClient client) throws Exception {
    client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 100000000\r\n\r\n");
    Thread sender =
        new Thread(
            () -> {
              byte[] part = new byte[100_000];
              try {
                for (int i = 0; i < 1000; i++) {
                  client.send(part);
                }
              } catch (IOException ended) {
                // As it must sooner or later: the answer is there, and the proxy reads no more.
              }
            });
    sender.start();
    assertThat(client.readHead()).startsWith("HTTP/1.1 403 No\r\n").contains("Connection: close");
    assertThat(client.read(2)).isEqualTo("no");
    sender.join();
  }

  @Test
  void aBackendThatDoesNotReadTheBodyIsWaitedForNoLongerThanTheClientSends() throws Exception {
    CountDownLatch over = new CountDownLatch(1);
    try (RawBackend backend = new RawBackend(peer -> over.await());
        Proxy proxy = impatient(backend);
        RawClient client = proxy.client()) {
      client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhello");
      assertThat(client.readResponse()).startsWith("HTTP/1.1 504");
      over.countDown();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "H",
        "HTTP/1.1 200 OK\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n",
        "HTTP/1.1 103 Early Hints\r\n\r\n",
      })
  void aBackendThatStopsInItsHeadIs504(String begin) throws Exception {
    try (RawBackend backend =
            new RawBackend(
                peer -> {
                  peer.request();
                  peer.send(begin);
                  peer.readAll();
                });
        Proxy proxy = impatient(backend);
        RawClient client = proxy.client()) {
      String head = client.send(GET).readHead();
      while (head.startsWith("HTTP/1.1 1")) {
        head = client.readHead();
      }
      assertThat(head).startsWith("HTTP/1.1 504").contains("Weir-Cause: backend_timeout\r\n");
    }
  }

  @Test
  void aHeadThatDripsDoesNotExtendItsTime() throws Exception {
    try (RawBackend backend =
            new RawBackend(
                peer -> {
                  peer.request();
                  peer.send("HTTP/1.1 200 OK\r\nX: ");
                  CountDownLatch never = new CountDownLatch(1);
                  while (!never.await(20, java.util.concurrent.TimeUnit.MILLISECONDS)) {
                    peer.send("x");
                  }
                });
        Proxy proxy = impatient(backend);
        RawClient client = proxy.client()) {
      assertThat(client.send(GET).readResponse()).startsWith("HTTP/1.1 504");
    }
  }

  @Test
  void aBodyThatStopsIsATruncatedBody() throws Exception {
    try (RawBackend backend =
            new RawBackend(
                peer -> {
                  peer.request();
                  peer.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n");
                  peer.readAll();
                });
        Proxy proxy = impatient(backend);
        RawClient client = proxy.client()) {
      assertThat(client.send(GET).readAll()).endsWith("\r\n\r\n2\r\nok\r\n");
    }
  }

  @Test
  void anAnswerThatComesByteByByteIsAnAnswer() throws Exception {
    String answer =
        "HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\nHTTP/1.1 200 OK\r\nDate: x\r\n"
            + "Transfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n";
    try (RawBackend backend =
            new RawBackend(
                peer -> {
                  while (peer.request() != null) {
                    for (int i = 0; i < answer.length(); i++) {
                      peer.send(answer.substring(i, i + 1));
                    }
                  }
                });
        Proxy proxy = Proxy.to(backend.address());
        RawClient client = proxy.client()) {
      for (int i = 0; i < 3; i++) {
        client.send(GET);
        assertThat(client.readHead()).isEqualTo("HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n");
        assertThat(client.readHead()).startsWith("HTTP/1.1 200 OK\r\n");
        String body = "";
        while (!body.endsWith("0\r\n\r\n")) {
          body += client.read(1);
        }
        assertThat(body.replaceAll("[0-9]\r\n|\r\n", "")).isEqualTo("ok");
      }
      assertThat(backend.connections).hasValue(1);
    }
  }

  @Test
  void aBackendThatSpeaksFirstIsNonsense() throws Exception {
    try (RawBackend backend =
            new RawBackend(
                peer -> {
                  peer.send("220 mail.example.com ESMTP\r\n");
                  peer.readAll();
                });
        Proxy proxy = Proxy.to(backend.address());
        RawClient client = proxy.client()) {
      assertThat(client.send(GET).readResponse())
          .startsWith("HTTP/1.1 502")
          .doesNotContain("ESMTP");
    }
  }
}
