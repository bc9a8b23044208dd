package dev.weir.bench.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weir.bench.UsageException;
import dev.weir.bench.proc.CpuSample;
import java.util.List;
import org.junit.jupiter.api.Test;

class ScenarioReportTest {
  private static Round round(int number, String target, long micros, long errors) {
    long units = 10_000;
    long nanos = micros * 1000 * units;
    LoadResult result =
        LoadResult.parse(
            "WEIR units="
                + units
                + " errors="
                + errors
                + " nanos=1000000000 p50=100 p99=200 p999=300");
    CpuSample.Use use =
        target.equals("direct") ? null : new CpuSample.Use(nanos, nanos / 4, nanos - nanos / 4);
    return new Round(number, target, use, result, 1, 0.01, 0, 1.5);
  }

  @Test
  void ratiosAreTakenWithinRoundsAndDiscardedRoundsAreNamed() {
    List<Round> rounds =
        List.of(
            round(1, "weir", 8, 0),
            round(1, "haproxy", 10, 0),
            round(2, "weir", 24, 0),
            round(2, "haproxy", 30, 0),
            round(3, "weir", 1, 7),
            round(3, "haproxy", 10, 0));

    String text = new ScenarioReport(Scenario.S1, rounds).markdown(environment(), "how");

    assertThat(text)
        .contains("| weir | 16.00 [12.00-20.00] | 0.80 [0.80-0.80] | 8.00 | 25% |")
        .contains("| 2 of 3 |")
        .contains("Discarded: round 3 of weir, 7 errors.")
        .contains("0 of 6 rounds shared the machine");
  }

  @Test
  void addedLatencyIsThatBeyondTheBackendAlone() {
    List<Round> rounds =
        List.of(round(1, "direct", 0, 0), round(1, "haproxy", 40, 0), round(1, "weir", 40, 0));

    String text = new ScenarioReport(Scenario.S9, rounds).markdown(environment(), "how");

    assertThat(text).contains("| direct | 100 [100-100] | 200 [200-200] | 300 [300-300] | 0 |");
    assertThat(text).doesNotContain("| direct | NaN");
  }

  private static Environment environment() {
    return new Environment(
        new Settings(
            java.nio.file.Path.of("."), "0", "1", "", "", List.of(25), List.of("weir"), true));
  }

  @Test
  void scenariosAreNamedOneByOneOrByKind() {
    assertThat(Scenario.list("s1,s7-bulk")).containsExactly(Scenario.S1, Scenario.S7_BULK);
    assertThat(Scenario.list("http")).contains(Scenario.S9).doesNotContain(Scenario.S7_PING);
    assertThat(Scenario.list("tcp")).hasSize(4);
    assertThatThrownBy(() -> Scenario.list("s1,s99"))
        .isInstanceOf(UsageException.class)
        .hasMessageContaining("'s99'");
  }

  @Test
  void aRoundKeepsItsRawNumbers() {
    Round round = round(2, "weir", 8, 0);

    assertThat(round.csv())
        .isEqualTo(
            "2,weir,10000,1.000,80000000,20000000,60000000,8000.0000,0,100,200,0.010,0.000,1.50,");
    assertThat(Round.COLUMNS).hasSize(round.csv().split(",", -1).length);
  }
}
