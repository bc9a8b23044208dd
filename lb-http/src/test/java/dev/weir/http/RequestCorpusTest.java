package dev.weir.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.core.config.ListenerConfig;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * Every raw request of the corpus is sent to a running proxy: what must be refused is refused, the
 * connection ends, and no byte of it or behind it gets to the backend; what is passed on is read
 * back there byte for byte.
 */
final class RequestCorpusTest {
  private static final long BODY_LIMIT = 100_000;
  private static final String SMUGGLED = "GET /smuggled HTTP/1.1\r\nHost: smuggled\r\n\r\n";
  private static final String FENCE = "GET /fence HTTP/1.1\r\nHost: fence\r\n\r\n";
  private static final Pattern ID = Pattern.compile("X-Request-Id: [0-9a-f]{32}\r\n");

  private static RecordingBackend backend;
  private static Proxy open;
  private static Proxy trusting;
  private static RawClient fence;

  @BeforeAll
  static void start() throws Exception {
    backend = new RecordingBackend();
    ListenerConfig.Limits limits = ListenerConfig.Limits.of(null, null, null, BODY_LIMIT);
    open = new Proxy(Proxy.listening(null, limits), Proxy.pooling(null), backend.address());
    trusting =
        new Proxy(
            Proxy.listening(null, limits, "127.0.0.0/8"), Proxy.pooling(null), backend.address());
  }

  @AfterAll
  static void stop() throws Exception {
    if (fence != null) {
      fence.close();
    }
    open.close();
    trusting.close();
    backend.close();
  }

  @TestFactory
  Stream<DynamicTest> requests() {
    return Corpus.load("requests").stream()
        .map(c -> DynamicTest.dynamicTest(c.toString(), () -> check(c)));
  }

  private static void check(Corpus.Case c) throws Exception {
    Proxy proxy = c.key("listener").equals("trusted") ? trusting : open;
    boolean refused = c.verdict().equals("reject") || c.verdict().equals("abort");
    List<Integer> statuses = new ArrayList<>();
    // What a failed case has left behind is not this one's.
    backend.log();
    try (RawClient client = proxy.client()) {
      client.send(c.bytes('>') + (refused ? SMUGGLED : ""));
      if (!refused) {
        // What is refused must end the connection by itself.
        client.endOutput();
      }
      readAnswers(client, statuses);
    }
    passFence(proxy);
    RecordingBackend.Log log = backend.log();
    List<String> seen = new ArrayList<>(log.requests());
    seen.removeIf(request -> request.startsWith("GET /fence "));
    assertThat(statuses).as("answers").isEqualTo(c.statuses());
    assertThat(String.join("", seen) + String.join("", log.incomplete()))
        .as("smuggled")
        .doesNotContain("smuggled HTTP");
    if (c.verdict().equals("abort")) {
      assertThat(seen).as("complete requests at the backend").isEmpty();
    } else {
      String expected = expected(c.bytes('<'), proxy);
      assertThat(Corpus.escape(normal(String.join("", seen)))).isEqualTo(Corpus.escape(expected));
      assertThat(log.incomplete()).as("incomplete requests at the backend").isEmpty();
    }
  }

  /** All answers until the connection ends. */
  private static void readAnswers(RawClient client, List<Integer> statuses) throws Exception {
    String all = client.readAll();
    while (!all.isEmpty()) {
      int end = all.indexOf("\r\n\r\n") + 4;
      assertThat(all).startsWith("HTTP/1.1 ");
      String head = all.substring(0, end);
      boolean toHead = !all.startsWith("ok", end) && head.contains("Content-Length: 2\r\n");
      statuses.add(Integer.valueOf(head.substring(9, 12)));
      all = all.substring(end + (toHead ? 0 : RawClient.length(head)));
    }
  }

  /** A request of another client behind the case: the proxy has sent what it was going to send. */
  private static void passFence(Proxy proxy) throws Exception {
    if (proxy != open) {
      try (RawClient other = proxy.client()) {
        assertThat(other.send(FENCE).readResponse()).startsWith("HTTP/1.1 200").endsWith("ok");
      }
      return;
    }
    RawClient other = fence == null ? proxy.client() : fence;
    fence = null;
    assertThat(other.send(FENCE).readResponse()).startsWith("HTTP/1.1 200").endsWith("ok");
    fence = other;
  }

  private static String normal(String seen) {
    return ID.matcher(seen).replaceAll("X-Request-Id: \\\\(id)\r\n");
  }

  private static String expected(String text, Proxy proxy) {
    String block =
        "X-Forwarded-For: 127.0.0.1\r\nX-Forwarded-Proto: http\r\nX-Forwarded-Port: \\\\(port)\r\n";
    String id = "X-Request-Id: \\\\(id)\r\n";
    return text.replaceAll("\\\\\\(forwarded -\\)", block + id)
        .replaceAll(
            "\\\\\\(forwarded ([^\r]+)\\)(?=[\r\nA-Z])", block + "X-Forwarded-Host: $1\r\n" + id)
        .replace("\\(port)", String.valueOf(proxy.listener.address().getPort()));
  }
}
