package dev.weir.bench.soak;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.function.IntToLongFunction;
import org.junit.jupiter.api.Test;

class SoakVerdictTest {
  private static final SoakPlan HOUR = new SoakPlan(60, 40, 60, 1, 1 << 20);
  private static final Sample REST = sample(0, 12 << 20, 0, 0);

  private static Sample sample(double seconds, long heap, long connections, long exchanges) {
    Sample.Alive alive = new Sample.Alive(connections, exchanges, exchanges, 0);
    return new Sample(seconds, true, heap, 0, 0, 0, 80, 6, 24, connections, 0, alive, 0, "");
  }

  private static List<String> complaints(IntToLongFunction heap, Sample after) {
    List<Sample> samples = new ArrayList<>();
    for (int minute = 1; minute <= 60; minute++) {
      samples.add(sample(60.0 * minute, heap.applyAsLong(minute), 3, 3));
    }
    Complaints complaints = new Complaints();
    SoakVerdict verdict = new SoakVerdict(HOUR, samples, REST, after, complaints);
    verdict.finish();
    return complaints.all();
  }

  /** Up and down by a little, without a trend. */
  private static long noise(int minute) {
    return 12_000_000L + 20_000L * (minute % 3 - 1);
  }

  @Test
  void aHeapThatOnlyWaversIsWell() {
    assertThat(complaints(SoakVerdictTest::noise, REST)).isEmpty();
  }

  @Test
  void aLeakOfTwoKilobytesAMinuteIsSeen() {
    assertThat(complaints(minute -> noise(minute) + 2000L * minute, REST))
        .singleElement()
        .asString()
        .startsWith("the live heap grows: 11");
  }

  @Test
  void whatTheFirstQuarterTakesDoesNotCount() {
    assertThat(complaints(minute -> noise(minute) - (minute < 15 ? 5_000_000 : 0), REST)).isEmpty();
  }

  @Test
  void aHeapTooRestlessToTellIsNotWell() {
    assertThat(complaints(minute -> noise(minute) * (1 + minute % 3), REST))
        .singleElement()
        .asString()
        .contains("not shown to be below 1024 KB/h");
  }

  @Test
  void whatIsLeftAtTheEndIsToldByName() {
    assertThat(complaints(SoakVerdictTest::noise, sample(3700, 12 << 20, 1, 2)))
        .contains("1 client connections at the end", "2 exchanges as objects at the end");
  }

  @Test
  void aLeakAndAnErrorInTheLogAreSeen() {
    Complaints complaints = new Complaints();
    SoakVerdict verdict = new SoakVerdict(HOUR, List.of(), REST, REST, complaints);

    verdict.log(
        List.of(
            "2026-11-20T09:00:00.000Z INFO  LbServer: ready",
            "2026-11-20T09:00:01.000Z ERROR ResourceLeakDetector: LEAK: ByteBuf.release() was not"
                + " called before it's garbage-collected."));
    assertThat(complaints.all()).containsExactly("1 lines of the log say LEAK");

    verdict.log(List.of("2026-11-20T09:00:02.000Z ERROR Exchange: a defect"));
    assertThat(complaints.all()).hasSize(2);
  }
}
