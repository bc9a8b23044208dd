package dev.weir.bench.drill;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

class ExpectationTest {
  private final Expectation expectation = new Expectation();

  private void acknowledged(String backend, String state) {
    expectation.sending(backend, state);
    expectation.acknowledged(backend, state);
  }

  @Test
  void anAcknowledgedChangeMustBeThere() {
    acknowledged("b1", "10");
    acknowledged("b1", "20");

    assertThat(expectation.check(Map.of("b1", "10"))).containsExactly("b1 is 10, possible: [20]");
  }

  @Test
  void anAcknowledgedRemovalMustStay() {
    acknowledged("b1", "10");
    acknowledged("b1", Expectation.ABSENT);

    assertThat(expectation.check(Map.of("b1", "10"))).hasSize(1);
  }

  @Test
  void aChangeWithoutAnAnswerMayBeThereOrNot() {
    acknowledged("b1", "10");
    expectation.sending("b1", "20");

    assertThat(expectation.certain("b1")).isNull();
    assertThat(expectation.check(Map.of("b1", "20"))).isEmpty();
    assertThat(expectation.certain("b1")).isEqualTo("20");
    assertThat(expectation.unanswered()).isEqualTo(1);
    assertThat(expectation.acknowledged()).isEqualTo(1);
  }

  @Test
  void aRefusedChangeLeavesWhatWasThere() {
    acknowledged("b1", "10");
    expectation.sending("b1", "20");
    expectation.refused("b1", "10");

    assertThat(expectation.check(Map.of("b1", "20"))).hasSize(1);
  }

  @Test
  void aBackendThatNobodyHasWrittenIsAbsent() {
    assertThat(expectation.certain("b1")).isEqualTo(Expectation.ABSENT);
    assertThat(expectation.check(Map.of("web-1", "100"))).isEmpty();
  }

  @Test
  void aMetricIsSummedOverItsLabels() {
    String text =
        """
        # HELP weir_closed_total Connections.
        weir_closed_total{listener="web",cause="none"} 3.0
        weir_closed_total{listener="web",cause="client_abort"} 1.0E1
        weir_closed_total{listener="db",cause="none"} 7.0
        weir_closed_total_other{listener="web"} 9.0
        """;

    assertThat(AdminClient.sum(text, "weir_closed_total", "listener=\"web\"")).isEqualTo(13);
  }
}
