package dev.weir.core.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.netty.buffer.PooledByteBufAllocator;
import io.netty.util.ResourceLeakDetector;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class LeakGuardTest {
  @Test
  void everyBufferIsTrackedInTests() {
    assertThat(ResourceLeakDetector.getLevel()).isEqualTo(ResourceLeakDetector.Level.PARANOID);
  }

  @Test
  void aBufferThatIsNeverReleasedIsReported() {
    plantLeak();

    List<String> leaks = new ArrayList<>();
    await()
        .atMost(Duration.ofSeconds(20))
        .pollInterval(Duration.ofMillis(20))
        .until(
            () -> {
              leaks.addAll(LeakGuard.collect());
              return !leaks.isEmpty();
            });
    assertThat(leaks).hasSize(1);
    assertThat(leaks.get(0)).contains("plantLeak");
  }

  private static void plantLeak() {
    PooledByteBufAllocator.DEFAULT.directBuffer(16).writeByte(1);
  }
}
