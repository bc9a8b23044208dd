package dev.weir.admin.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.weir.core.net.Loops;
import dev.weir.core.net.Transport;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class LoopLagTest {
  @Test
  void aBeatThatComesLateIsKeptUntilItIsRead() {
    AtomicLong now = new AtomicLong();
    try (Loops loops = new Loops(Transport.NIO, 2, now::get, new SplittableRandom(1));
        LoopLag lag = new LoopLag(loops, now::get)) {
      now.set(LoopLag.BEAT_NANOS + 250_000_000L);
      await().until(() -> lag.stalls(0) == 1 && lag.stalls(1) == 1);
      assertThat(lag.takeWorst(0)).isEqualTo(0.25);
      assertThat(lag.takeWorst(0)).isZero();
      assertThat(lag.takeWorst(1)).isEqualTo(0.25);
    }
  }

  @Test
  void aSmallDelayIsNoStall() {
    AtomicLong now = new AtomicLong();
    try (Loops loops = new Loops(Transport.NIO, 1, now::get, new SplittableRandom(1));
        LoopLag lag = new LoopLag(loops, now::get)) {
      now.set(LoopLag.BEAT_NANOS + 30_000_000L);
      await().until(() -> lag.takeWorst(0) == 0.03);
      assertThat(lag.stalls(0)).isZero();
    }
  }
}
