package dev.weir.bench.soak;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SampleTest {
  private static final String HISTOGRAM =
      """
      4711:
       num     #instances         #bytes  class name (module)
      -------------------------------------------------------
         1:         38123        3210987  [B (java.base@25)
         2:             7            560  dev.weir.http.Exchange
         3:             9            360  dev.weir.http.ExchangeSummary
         4:             2         100000  [Ljdk.internal.vm.FillerElement; (java.base@25)
      Total        101010       12345678""";

  @Test
  void whatGrewIsToldByClassTheLargestFirst() {
    Growth growth = new Growth();
    growth.add(HISTOGRAM);
    growth.add(
        HISTOGRAM
            .replace("7            560", "8            640")
            .replace("9            360", "19          760"));

    assertThat(growth.markdown())
        .endsWith(
            "| `dev.weir.http.ExchangeSummary` | 10 | 400 |\n"
                + "| `dev.weir.http.Exchange` | 1 | 80 |\n");
  }

  @Test
  void instancesAreThoseOfExactlyThatClass() {
    assertThat(Sample.instances(HISTOGRAM, "dev.weir.http.Exchange")).isEqualTo(7);
    assertThat(Sample.instances(HISTOGRAM, "dev.weir.http.Upstream")).isZero();
    assertThat(Sample.instances(HISTOGRAM, "[B")).isEqualTo(38_123);
  }
}
