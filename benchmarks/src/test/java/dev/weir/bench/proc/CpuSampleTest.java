package dev.weir.bench.proc;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CpuSampleTest {
  private static final String STAT =
      "7 (a) b (c) S 1 7 7 0 -1 4194560 9 0 0 0 %d %d 5 6 20 0 3 0 1 2 3";

  @TempDir Path proc;

  private void task(long pid, long tid, String schedstat) throws IOException {
    Path task = Files.createDirectories(proc.resolve(pid + "/task/" + tid));
    Files.writeString(task.resolve("schedstat"), schedstat);
  }

  private void stat(long pid, int user, int system) throws IOException {
    Files.writeString(proc.resolve(pid + "/stat"), STAT.formatted(user, system));
  }

  @Test
  void allThreadsOfAllProcessesAreAddedUp() throws IOException {
    task(7, 7, "1000000 5 3\n");
    task(7, 8, "2000000 5 3\n");
    task(9, 9, "500 5 3\n");
    stat(7, 10, 20);
    stat(9, 1, 2);
    CpuSample before = CpuSample.of(proc, List.of(7L, 9L));
    task(7, 7, "1500000 6 4\n");
    task(7, 10, "40 6 4\n");
    task(9, 9, "600 6 4\n");
    stat(7, 12, 25);

    CpuSample.Use use = CpuSample.of(proc, List.of(7L, 9L)).since(before);

    assertThat(use.nanos()).isEqualTo(500_000 + 40 + 100);
    assertThat(use.userNanos()).isEqualTo(20_000_000);
    assertThat(use.systemNanos()).isEqualTo(50_000_000);
  }

  @Test
  void aProcessThatIsGoneCountsAsNothing() {
    assertThat(CpuSample.of(proc, List.of(4711L))).isEqualTo(CpuSample.of(proc, List.of()));
  }

  @Test
  void theClocksDisagreeWhenAThreadHasTakenItsTimeWithIt() {
    assertThat(new CpuSample.Use(1_000_000_000, 300_000_000, 720_000_000).consistent()).isTrue();
    assertThat(new CpuSample.Use(1_000_000_000, 300_000_000, 900_000_000).consistent()).isFalse();
  }

  @Test
  void ourOwnThreadsAreSeenWorking() {
    List<Long> self = List.of(ProcessHandle.current().pid());
    CpuSample before = CpuSample.of(self);
    long until = System.nanoTime() + 50_000_000;
    while (System.nanoTime() < until) {
      Thread.onSpinWait();
    }

    assertThat(CpuSample.of(self).since(before).nanos()).isGreaterThan(1_000_000);
  }

  @Test
  void theLoadOfTheMachineIsReadWithoutIdleTime() {
    String stat = "cpu  100 20 30 4000 50 6 7 8 0 0\ncpu0 1 2 3 4 5 6 7 8 9 10\n";

    MachineLoad load = MachineLoad.parse("1.25 0.80 0.50 2/91 8079\n", stat);

    assertThat(load.loadAverage()).isEqualTo(1.25);
    assertThat(load.busyNanos()).isEqualTo((100 + 20 + 30 + 6 + 7 + 8) * 10_000_000L);
    assertThat(load.stealNanos()).isEqualTo(80_000_000);
  }
}
