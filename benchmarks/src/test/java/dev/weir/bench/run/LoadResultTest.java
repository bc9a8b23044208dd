package dev.weir.bench.run;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class LoadResultTest {
  @Test
  void theLineIsFoundAmongOtherOutput() {
    LoadResult result =
        LoadResult.parse(
            "Running 1s test\nWEIR units=5000 errors=0 nanos=1000000000 p50=28\nbye\n");

    assertThat(result.problem()).isEmpty();
    assertThat(result.units()).isEqualTo(5000);
    assertThat(result.seconds()).isEqualTo(1);
    assertThat(result.values()).containsEntry("p50", 28L);
  }

  @Test
  void aResultWithErrorsDoesNotCount() {
    assertThat(LoadResult.parse("WEIR units=10 errors=3 nanos=1\n").problem())
        .isEqualTo("3 errors");
  }

  @Test
  void aResultOfNothingDoesNotCount() {
    assertThat(LoadResult.parse("WEIR units=0 errors=0 nanos=1\n").problem())
        .isEqualTo("nothing was transferred");
  }

  @Test
  void requestsThatWereNeverAnsweredDiscardAResult() {
    assertThat(LoadResult.parse("WEIR units=10 errors=0 late=2 nanos=1\n").problem())
        .isEqualTo("2 requests never answered");
  }

  @Test
  void outputWithoutTheLineIsQuoted() {
    assertThat(LoadResult.parse("unable to connect\n").problem())
        .isEqualTo("no result: unable to connect");
  }
}
