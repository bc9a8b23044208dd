package dev.weir.bench.soak;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

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
      Total        101010       12345678""";

  @Test
  void liveBytesAreTheTotalOfAHistogram() {
    assertThat(Sample.liveBytes(HISTOGRAM)).isEqualTo(12_345_678);
  }

  @Test
  void whatIsNoHistogramIsAnErrorAndNotZero() {
    assertThatThrownBy(() -> Sample.liveBytes("4711:\njava.io.IOException: Connection refused"))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("Connection refused");
  }

  @Test
  void instancesAreThoseOfExactlyThatClass() {
    assertThat(Sample.instances(HISTOGRAM, "dev.weir.http.Exchange")).isEqualTo(7);
    assertThat(Sample.instances(HISTOGRAM, "dev.weir.http.Upstream")).isZero();
    assertThat(Sample.instances(HISTOGRAM, "[B")).isEqualTo(38_123);
  }
}
