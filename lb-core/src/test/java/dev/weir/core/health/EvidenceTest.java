package dev.weir.core.health;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.core.backend.Outcome;
import dev.weir.core.health.Evidence.Verdict;
import dev.weir.core.health.Evidence.Weight;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EvidenceTest {
  @ParameterizedTest
  @CsvSource({
    "OK, true, FINE",
    "REFUSED, true, REFUSED",
    "UNREACHABLE, true, BROKEN",
    "RESET, true, BROKEN",
    "RESET, false, NOTHING",
    "GARBAGE, true, SOFT",
    "STATUS_GATEWAY, false, SOFT",
    "TIMEOUT, false, SOFT",
    "STATUS_500, true, NOTHING",
    "STATUS_OVERLOAD, true, NOTHING",
    "TRUNCATED, true, NOTHING",
    "CLIENT_ABORT, true, NOTHING",
    "LOCAL, true, NOTHING",
  })
  void everyOutcomeHasItsWeight(Outcome outcome, boolean fresh, Weight weight) {
    assertThat(Evidence.weigh(outcome, fresh)).isEqualTo(weight);
  }

  /** Letters: clients whose connection broke; s soft failure; + fine; R refused. */
  @ParameterizedTest
  @CsvSource({
    "a, NONE",
    "aa, NONE",
    "aaa, EJECT",
    "ab, EJECT",
    "a+b, NONE",
    "aa+a, NONE",
    "asb, EJECT",
    "aaaa, NONE",
    "aaaaaa, EJECT",
    "ssss, NONE",
    "sssss, SUSPECT",
    "ssssss, NONE",
    "ssss+s, NONE",
    "R, EJECT_ANYWAY",
    "aR, EJECT_ANYWAY",
    "+, NONE",
  })
  void theLastPieceAsksFor(String pieces, Verdict verdict) {
    assertThat(run(0, pieces)).isEqualTo(verdict);
  }

  @Test
  void onProbationAnyFailureDecides() {
    assertThat(run(Evidence.PROBATION, "s")).isEqualTo(Verdict.EJECT);
    assertThat(run(Evidence.PROBATION, "a")).isEqualTo(Verdict.EJECT);
    assertThat(run(Evidence.PROBATION, "+a")).isEqualTo(Verdict.NONE);
  }

  @Test
  void countsDoNotOverflowIntoEachOther() {
    long evidence = 0;
    for (int i = 0; i < 1_000; i++) {
      evidence = Evidence.add(evidence, Weight.SOFT, 1);
      evidence = Evidence.add(evidence, Weight.BROKEN, -1);
    }
    assertThat(Evidence.softs(evidence)).isEqualTo(255);
    assertThat(Evidence.resets(evidence)).isEqualTo(255);
    assertThat(evidence & Evidence.PROBATION).isZero();
    assertThat(Evidence.add(evidence, Weight.FINE, 0)).isZero();
  }

  private static Verdict run(long evidence, String pieces) {
    Verdict verdict = Verdict.NONE;
    for (int i = 0; i < pieces.length(); i++) {
      char piece = pieces.charAt(i);
      Weight weight =
          switch (piece) {
            case 's' -> Weight.SOFT;
            case 'R' -> Weight.REFUSED;
            case '+' -> Weight.FINE;
            default -> Weight.BROKEN;
          };
      long after = Evidence.add(evidence, weight, piece);
      verdict = Evidence.verdict(evidence, after, weight);
      evidence = after;
    }
    return verdict;
  }
}
