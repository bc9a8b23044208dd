package dev.weir.bench.proc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class LiveHeapTest {
  private static final String HISTOGRAM =
      """
      4711:
       num     #instances         #bytes  class name (module)
      -------------------------------------------------------
         1:         38123        3210987  [B (java.base@25)
         2:          7385         886896  java.lang.Class (java.base@25)
         3:           400          19200  java.lang.invoke.LambdaForm (java.base@25)
         4:            90           4800  [Ljava.lang.invoke.LambdaForm$Name; (java.base@25)
         5:             9            360  java.lang.ClassLoader (java.base@25)
         6:             2         100000  [Ljdk.internal.vm.FillerElement; (java.base@25)
      Total        101010       12345678""";

  @Test
  void liveBytesAreTheTotalOfAHistogramWithoutFillers() {
    assertThat(LiveHeap.bytes(HISTOGRAM)).isEqualTo(12_245_678);
  }

  @Test
  void classesAndMethodHandlesAreOfTheCode() {
    assertThat(LiveHeap.handles(HISTOGRAM)).isEqualTo(886_896 + 19_200 + 4_800);
  }

  @Test
  void stringConstantsAreOfTheCode() {
    String table =
        """
        4711:
        StringTable statistics:
        Number of buckets       :     65536 =    524288 bytes, each 8
        Number of entries       :     27683 =    442928 bytes, each 16
        Number of literals      :     27683 =   1916200 bytes, avg  69.000
        Total footprint         :           =   2883416 bytes
        """;
    assertThat(LiveHeap.literals(table)).isEqualTo(1_916_200);
  }

  @Test
  void whatIsNoHistogramOrTableIsAnErrorAndNotZero() {
    String answer = "4711:\njava.io.IOException: Connection refused";
    assertThatThrownBy(() -> LiveHeap.bytes(answer))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("Connection refused");
    assertThatThrownBy(() -> LiveHeap.literals(answer))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("Connection refused");
  }
}
