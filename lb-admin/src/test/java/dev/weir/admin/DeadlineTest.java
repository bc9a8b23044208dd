package dev.weir.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weir.admin.auth.AdminToken;
import dev.weir.admin.metrics.TrafficMetrics;
import dev.weir.core.config.AdminConfig;
import dev.weir.core.config.HostPort;
import dev.weir.core.control.Ticker;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A server that starts where it may, and ends what takes too long. */
class DeadlineTest {
  private static final String TOKEN = "lbk_0123abcd_" + "5e".repeat(32);

  private static AdminSetup setup(String host, int port) {
    return new AdminSetup(
        new AdminConfig(new HostPort(host, port), null),
        null,
        AdminToken.of(TOKEN),
        new TrafficMetrics(1),
        author -> new CompletableFuture<>(),
        "1.2.3",
        Ticker.system());
  }

  @Test
  void aBodyThatDoesNotComeIsNotWaitedForWithoutEnd() throws Exception {
    try (AdminServer server = AdminServer.start(setup("127.0.0.1", 0), Duration.ofMillis(200))) {
      RawHttp.Answer answer =
          RawHttp.send(
              server.port(),
              "PATCH /api/v1/config HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer "
                  + TOKEN
                  + "\r\nContent-Type: application/json\r\nContent-Length: 10\r\n\r\n{");
      assertThat(answer.status()).isEqualTo(503);
      assertThat(answer.header("Connection")).isEqualTo("close");
      assertThat(answer.body()).contains("not done in time");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"0.0.0.0", "::", "192.0.2.1"})
  void anAddressThatOthersReachIsRefused(String host) {
    assertThat(AdminServer.check(setup(host, 0).config()))
        .hasValueSatisfying(
            problem -> {
              assertThat(problem.path()).isEqualTo("/admin/bind");
              assertThat(problem.message()).contains("is not a loopback address");
            });
    assertThatThrownBy(() -> AdminServer.start(setup(host, 0)))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("is not a loopback address");
  }

  @ParameterizedTest
  @ValueSource(strings = {"127.0.0.1", "127.8.9.10", "::1", "localhost"})
  void anAddressOfThisMachineAloneIsTaken(String host) {
    assertThat(AdminServer.check(setup(host, 0).config())).isEqualTo(Optional.empty());
  }

  @Test
  void aPortInUseIsNamed() throws Exception {
    try (AdminServer first = AdminServer.start(setup("127.0.0.1", 0))) {
      assertThatThrownBy(() -> AdminServer.start(setup("127.0.0.1", first.port())))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("admin API: cannot listen on 127.0.0.1:" + first.port());
    }
  }
}
