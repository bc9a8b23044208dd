package dev.weir.bench.proc;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * CPU time of processes at one moment: of each thread in nanoseconds from {@code schedstat}, and of
 * each process as user and system ticks from {@code stat}, which also hold the threads that are
 * gone but are coarse. Soft interrupts run in a process's context are part of both.
 *
 * @param threads nanoseconds on a CPU by thread id
 * @param userTicks {@code utime} of all processes, in USER_HZ (1/100 s)
 * @param systemTicks {@code stime} likewise
 */
public record CpuSample(Map<Long, Long> threads, long userTicks, long systemTicks) {
  private static final long TICK_NANOS = 10_000_000;

  /** Reads the processes; those that are gone count as nothing. */
  public static CpuSample of(List<Long> pids) {
    return of(Path.of("/proc"), pids);
  }

  /** As {@link #of(List)}, from another place than {@code /proc}. */
  static CpuSample of(Path proc, List<Long> pids) {
    Map<Long, Long> threads = new HashMap<>();
    long user = 0;
    long system = 0;
    for (long pid : pids) {
      Path process = proc.resolve(String.valueOf(pid));
      readThreads(process.resolve("task"), threads);
      String[] stat = afterName(read(process.resolve("stat")));
      if (stat.length > 12) {
        user += Long.parseLong(stat[11]);
        system += Long.parseLong(stat[12]);
      }
    }
    return new CpuSample(Map.copyOf(threads), user, system);
  }

  private static void readThreads(Path tasks, Map<Long, Long> into) {
    try (DirectoryStream<Path> all = Files.newDirectoryStream(tasks)) {
      for (Path task : all) {
        String text = read(task.resolve("schedstat"));
        int space = text.indexOf(' ');
        if (space > 0) {
          into.put(
              Long.parseLong(task.getFileName().toString()),
              Long.parseLong(text.substring(0, space)));
        }
      }
    } catch (IOException gone) {
      // the process has ended; what is missing shows as a disagreement of the two clocks
    }
  }

  /** The fields of {@code stat} from the state on; the name before it may hold spaces. */
  private static String[] afterName(String stat) {
    int end = stat.lastIndexOf(')');
    return end < 0 ? new String[0] : stat.substring(end + 2).trim().split(" ");
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException gone) {
      return "";
    }
  }

  /** What was used between an earlier sample and this one. */
  public Use since(CpuSample before) {
    long nanos = 0;
    for (Map.Entry<Long, Long> thread : threads.entrySet()) {
      nanos += Math.max(0, thread.getValue() - before.threads.getOrDefault(thread.getKey(), 0L));
    }
    long user = userTicks - before.userTicks;
    long system = systemTicks - before.systemTicks;
    return new Use(nanos, user * TICK_NANOS, system * TICK_NANOS);
  }

  /**
   * CPU time used.
   *
   * @param nanos exact, of threads that still live
   * @param userNanos by ticks of 10 ms, all threads
   * @param systemNanos likewise
   */
  public record Use(long nanos, long userNanos, long systemNanos) {
    /** The share of user mode, 0..1; NaN when the ticks saw nothing. */
    public double userShare() {
      return (double) userNanos / (userNanos + systemNanos);
    }

    /**
     * Whether both clocks say the same within 5 % and 40 ms; if not, threads have ended and taken
     * their nanoseconds with them.
     */
    public boolean consistent() {
      long difference = Math.abs(nanos - userNanos - systemNanos);
      return difference <= Math.max(4 * TICK_NANOS, nanos / 20);
    }
  }
}
