package dev.weir.core.observe;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Why something ended, where, and on whose side. */
final class CauseTest {
  @ParameterizedTest
  @EnumSource(Cause.class)
  void onlyWhatWentWellHasNoPhaseAndNoSide(Cause cause) {
    assertThat(cause.phase() == Cause.Phase.NONE).isEqualTo(cause == Cause.NONE);
    assertThat(cause.side() == Cause.Side.NONE).isEqualTo(cause == Cause.NONE);
  }

  @ParameterizedTest
  @CsvSource({
    "CONNECT_FAILED, connect, backend",
    "QUEUE_TIMEOUT, queue, backend",
    "BAD_REQUEST, request, client",
    "CLIENT_LIMIT, accept, client",
    "LISTENER_LIMIT, accept, proxy"
  })
  void theOthersSayWhereItHappened(Cause cause, String phase, String side) {
    assertThat(cause.phase().code()).isEqualTo(phase);
    assertThat(cause.side().code()).isEqualTo(side);
  }

  @Test
  void whatLiesWithTheBackendsIsWhatItsNameSays() {
    for (Cause cause : Cause.values()) {
      if (cause.code().startsWith("backend_")) {
        assertThat(cause.side()).isEqualTo(Cause.Side.BACKEND);
      }
      if (cause.code().startsWith("client_")) {
        assertThat(cause.side()).isEqualTo(Cause.Side.CLIENT);
      }
    }
  }
}
