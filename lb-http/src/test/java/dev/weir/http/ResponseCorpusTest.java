package dev.weir.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.SocketException;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * Every raw response of the corpus is sent by a backend: the client gets exactly what it should,
 * sees what is not complete, and the connection to the backend is used again only where the rules
 * allow it.
 */
final class ResponseCorpusTest {
  private static final String GET = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";
  private static final String NEXT = "GET /next HTTP/1.1\r\nHost: a\r\n\r\n";
  private static final String ANSWER = "HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nnext";
  private static final String DATE =
      "Date: [A-Z][a-z]{2}, \\d\\d [A-Z][a-z]{2} \\d{4} [0-9:]{8} GMT";
  private static final int DATE_LENGTH = "Fri, 20 Nov 2026 09:51:51 GMT".length();

  @TestFactory
  Stream<DynamicTest> responses() {
    return Corpus.load("responses").stream()
        .map(c -> DynamicTest.dynamicTest(c.toString(), () -> check(c)));
  }

  private static void check(Corpus.Case c) throws Exception {
    try (RawBackend backend = new RawBackend(peer -> serve(c, peer));
        Proxy proxy = Proxy.to(backend.address());
        RawClient client = proxy.client()) {
      client.send(c.has('>') ? c.bytes('>') : GET);
      if (c.verdict().equals("reject")) {
        assertThat(client.readResponse())
            .startsWith("HTTP/1.1 " + c.statuses().get(0) + " ")
            .containsPattern("Weir-Cause: backend_(garbage|reset)\r\n")
            .doesNotContain("hello", "poison");
      } else if (c.key("after").equals("keep")) {
        String expected = c.bytes('=');
        int dates = (expected.length() - expected.replace("\\(date)", "").length()) / 7;
        String got = client.read(expected.length() + dates * (DATE_LENGTH - 7));
        assertThat(Corpus.escape(normal(got))).isEqualTo(Corpus.escape(expected));
      } else {
        checkLast(c, client);
      }
      checkNext(c, proxy, backend, client);
    }
  }

  private static void serve(Corpus.Case c, RawBackend.Peer peer) throws Exception {
    for (String head = peer.request(); head != null; head = peer.request()) {
      if (head.contains("GET /next ")) {
        peer.send(ANSWER);
        continue;
      }
      peer.send(c.bytes('<'));
      if (c.key("backend").equals("reset")) {
        peer.reset();
        return;
      }
      if (c.key("backend").equals("close")) {
        return;
      }
    }
  }

  /** The last response of its connection: complete or not, it ends as the rule says. */
  private static void checkLast(Corpus.Case c, RawClient client) throws Exception {
    String expected = c.bytes('=');
    if (c.key("after").equals("reset")) {
      assertThatThrownBy(client::readAll).isInstanceOf(SocketException.class);
    } else {
      assertThat(Corpus.escape(normal(client.readAll()))).isEqualTo(Corpus.escape(expected));
    }
  }

  /** The next request, on the same connection if that goes on, is answered with its own answer. */
  private static void checkNext(Corpus.Case c, Proxy proxy, RawBackend backend, RawClient client)
      throws Exception {
    if (c.key("after").equals("keep")) {
      assertThat(client.send(NEXT).readResponse()).startsWith("HTTP/1.1 200 OK").endsWith("next");
    } else {
      try (RawClient other = proxy.client()) {
        assertThat(other.send(NEXT).readResponse()).startsWith("HTTP/1.1 200 OK").endsWith("next");
      }
    }
    assertThat(backend.connections)
        .as("connections to the backend")
        .hasValue(c.key("upstream").equals("reused") ? 1 : 2);
  }

  private static String normal(String got) {
    return got.replaceAll(DATE, "Date: \\\\(date)");
  }
}
