package dev.weir.core.net;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class LoopContextTest {
  private static final long SECOND = 1_000_000_000L;

  @Test
  void afterAPauseOfOursWhatCameIsReadBeforeTimeIsUp() throws Exception {
    AtomicLong now = new AtomicLong();
    List<String> seen = new ArrayList<>();
    try (Loops loops = new Loops(Transport.NIO, 1, now::get, new SplittableRandom(1))) {
      LoopContext loop = loops.get(0);
      // In one task, so that the loop's own ticks do not come between.
      loop.loop()
          .submit(
              () -> {
                Deadline deadline =
                    new Deadline() {
                      @Override
                      protected void expired() {
                        seen.add("time is up");
                      }
                    };
                loop.wheel().arm(deadline, 2 * SECOND);
                now.addAndGet(3 * SECOND);
                loop.tick();
                seen.add("read");
                now.addAndGet(Wheel.TICK_NANOS);
                loop.tick();
              })
          .get(10, TimeUnit.SECONDS);
    }
    assertThat(seen).containsExactly("read", "time is up");
  }

  @Test
  void withoutAPauseTimeIsUpAtOnce() throws Exception {
    AtomicLong now = new AtomicLong();
    List<String> seen = new ArrayList<>();
    try (Loops loops = new Loops(Transport.NIO, 1, now::get, new SplittableRandom(1))) {
      LoopContext loop = loops.get(0);
      loop.loop()
          .submit(
              () -> {
                Deadline deadline =
                    new Deadline() {
                      @Override
                      protected void expired() {
                        seen.add("time is up");
                      }
                    };
                loop.wheel().arm(deadline, Wheel.TICK_NANOS);
                for (int i = 0; i < 3; i++) {
                  now.addAndGet(Wheel.TICK_NANOS);
                  loop.tick();
                }
              })
          .get(10, TimeUnit.SECONDS);
    }
    assertThat(seen).containsExactly("time is up");
  }
}
