package dev.weir.core.balance;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import dev.weir.core.testing.Picking;
import dev.weir.core.testing.TestBackends;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class PickAllocationTest {
  private static final int PICKS = 100_000;

  static Stream<Balancer> balancers() {
    return Stream.of(
        new RoundRobin(0), new LeastRequests(), new SourceHash(), new WeightedRandom());
  }

  @ParameterizedTest
  @MethodSource("balancers")
  void aPickAllocatesNothing(Balancer balancer) {
    List<Candidate> candidates = TestBackends.weighted(1, 2, 3, 4, 5);
    TestBackends.admit(candidates.get(2).backend(), false);
    Picker picker = balancer.picker(candidates);
    Picking context =
        Picking.by(new SplittableRandom(1)).withHash(99).after(candidates.get(0).backend());
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    pick(picker, context);
    long before = threads.getCurrentThreadAllocatedBytes();
    pick(picker, context);
    long allocated = threads.getCurrentThreadAllocatedBytes() - before;
    assertThat((double) allocated / PICKS).as("bytes for one pick").isLessThan(0.1);
  }

  private static void pick(Picker picker, PickContext context) {
    for (int i = 0; i < PICKS; i++) {
      if (picker.pick(context) == null) {
        throw new AssertionError("nobody was picked");
      }
    }
  }
}
