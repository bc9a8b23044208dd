package dev.weir.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.weir.core.config.ListenerConfig;
import dev.weir.core.observe.Cause;
import java.io.IOException;
import org.junit.jupiter.api.Test;

/** Limits of a listener, on real connections. */
final class LimitsTest {
  private static final String GET = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";
  private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

  private static Proxy proxy(RawBackend backend, ListenerConfig.Limits limits) throws Exception {
    return new Proxy(Proxy.listening(null, limits), Proxy.pooling(null), backend.address());
  }

  @Test
  void aConnectionTooManyIsResetBeforeItIsRead() throws Exception {
    try (RawBackend backend = RawBackend.answering(OK);
        Proxy proxy = proxy(backend, ListenerConfig.Limits.ofConnections(null, 1))) {
      try (RawClient one = proxy.client();
          RawClient two = proxy.client()) {
        assertThat(one.send(GET).readResponse()).endsWith("ok");
        assertThatThrownBy(() -> two.send(GET).readResponse()).isInstanceOf(IOException.class);
        assertThat(proxy.refused).containsExactly(Cause.CLIENT_LIMIT);
        assertThat(one.send(GET).readResponse()).endsWith("ok");
      }
      await().until(() -> proxy.closed.size() == 1);
      try (RawClient three = proxy.client()) {
        assertThat(three.send(GET).readResponse()).endsWith("ok");
      }
    }
  }

  @Test
  void theListenersOwnLimitHasItsOwnCause() throws Exception {
    try (RawBackend backend = RawBackend.answering(OK);
        Proxy proxy = proxy(backend, ListenerConfig.Limits.ofConnections(1, null));
        RawClient one = proxy.client();
        RawClient two = proxy.client()) {
      assertThat(one.send(GET).readResponse()).endsWith("ok");
      assertThatThrownBy(() -> two.send(GET).readResponse()).isInstanceOf(IOException.class);
      assertThat(proxy.refused).containsExactly(Cause.LISTENER_LIMIT);
    }
  }
}
