package dev.weir.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.core.config.PoolConfig;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Routes and repeated attempts together. */
final class RouteRetryTest {
  private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

  @Test
  void theRequestIsRoutedAnewOnEachAttemptWithTheSameEdits() throws Exception {
    try (RawBackend backend =
            new RawBackend(
                peer -> {
                  if (peer.request().contains("GET /n/a ")) {
                    peer.reset();
                  }
                });
        RawBackend good = RawBackend.answering(OK)) {
      String keys =
          """
          routes:
            - match: { path: { prefix: /o } }
              rewrite: { prefix: /n, host: h.internal }
              requestHeaders: { set: { X-A: "{path}" }, remove: [X-B] }
              pool: web
          """;
      Map<String, PoolConfig> pools =
          Map.of("web", Proxy.withBackends(Proxy.pooling(null), backend.address(), good.address()));
      try (Proxy proxy = new Proxy(Yaml.listener(keys), pools);
          RawClient client = proxy.client()) {
        for (int i = 0; i < 2; i++) {
          client
              .send("GET /o/a HTTP/1.1\r\nHost: a.example\r\nX-B: 1\r\nX-A: 2\r\n\r\n")
              .readResponse();
          String seen = good.requests.poll();
          assertThat(seen)
              .startsWith("GET /n/a HTTP/1.1\r\n")
              .contains("Host: h.internal\r\n", "X-A: /o/a\r\n")
              .doesNotContain("X-B", "X-A: 2");
          assertThat(seen.split("X-A")).hasSize(2);
        }
        assertThat(backend.requests).isNotEmpty();
      }
    }
  }
}
