package dev.weir.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.core.config.ListenerConfig;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Who says why a request failed, and how much. */
final class CauseHeaderTest {
  private static final String GET = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";

  private static ListenerConfig saying(String mode) {
    ListenerConfig plain = Proxy.listening(null, null);
    return new ListenerConfig(
        plain.bind(),
        "http",
        null,
        "web",
        null,
        null,
        null,
        null,
        null,
        mode,
        null,
        null,
        null,
        null);
  }

  @ParameterizedTest
  @CsvSource({
    "cause, connect_failed",
    ", connect_failed",
    "full, connect_failed; phase=connect; side=backend"
  })
  void anAnswerOfTheProxyHasTheCause(String mode, String cause) throws Exception {
    try (Proxy proxy = new Proxy(saying(mode), Proxy.pooling(null), RawBackend.refusing());
        RawClient client = proxy.client()) {
      assertThat(client.send(GET).readResponse()).contains("\r\nWeir-Cause: " + cause + "\r\n");
    }
  }

  @Test
  void itCanBeLeftOut() throws Exception {
    try (Proxy proxy = new Proxy(saying("off"), Proxy.pooling(null), RawBackend.refusing());
        RawClient client = proxy.client()) {
      assertThat(client.send(GET).readResponse())
          .startsWith("HTTP/1.1 503")
          .doesNotContainIgnoringCase("weir-cause");
    }
  }

  @Test
  void neitherABackendNorAClientSpeaksForTheProxy() throws Exception {
    String answer =
        "HTTP/1.1 200 OK\r\nWEIR-cause: internal\r\nTransfer-Encoding: chunked\r\n\r\n"
            + "2\r\nok\r\n0\r\nWeir-Cause: internal\r\nX-Sum: 1\r\n\r\n";
    try (RawBackend backend = RawBackend.answering(answer);
        Proxy proxy = Proxy.to(backend.address());
        RawClient client = proxy.client()) {
      client.send(
          "GET / HTTP/1.1\r\nHost: a\r\nTE: trailers\r\nConnection: close\r\n"
              + "Weir-Cause: none\r\n\r\n");
      assertThat(client.readAll()).contains("X-Sum: 1").doesNotContainIgnoringCase("weir-cause");
      assertThat(backend.requests.element()).doesNotContainIgnoringCase("weir-cause");
    }
  }
}
