package dev.weir.core.backend;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OutcomeCountsTest {
  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 3, 8, 200})
  void eachOutcomeIsCountedApartOnAnyNumberOfProcessors(int processors) {
    OutcomeCounts counts = new OutcomeCounts(processors);
    counts.add(Outcome.OK);
    counts.add(Outcome.OK);
    counts.add(Outcome.LOCAL);
    assertThat(counts.count(Outcome.OK)).isEqualTo(2);
    assertThat(counts.count(Outcome.LOCAL)).isEqualTo(1);
    assertThat(counts.count(Outcome.REFUSED)).isZero();
    assertThat(counts.total()).isEqualTo(3);
  }

  @Test
  void nothingIsLostWhenManyThreadsCount() throws Exception {
    OutcomeCounts counts = new OutcomeCounts(4);
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      Thread thread =
          new Thread(
              () -> {
                for (int n = 0; n < 10_000; n++) {
                  counts.add(Outcome.TIMEOUT);
                }
              });
      thread.start();
      threads.add(thread);
    }
    for (Thread thread : threads) {
      thread.join();
    }
    assertThat(counts.count(Outcome.TIMEOUT)).isEqualTo(80_000);
  }
}
