package dev.weir.bench.proc;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Tells work of others apart from ours: the CPU time of the whole machine less that of the harness,
 * of the children it has waited for, and of those that still run. The load average cannot do that,
 * because a measurement itself keeps both processors busy.
 */
public final class Meter {
  private static final long TICK_NANOS = 10_000_000;

  private final List<Child> children;
  private final long startNanos = System.nanoTime();
  private final MachineLoad startMachine = MachineLoad.now();
  private final long startOurs;

  /** Starts measuring; the children are those that run now. */
  public Meter(List<Child> children) {
    this.children = children;
    startOurs = ours(children);
  }

  /**
   * CPU time so far, in nanoseconds, of the harness, of what it has waited for, and of children.
   */
  public static long ours(List<Child> children) {
    long nanos = selfAndReaped();
    for (Child child : children) {
      CpuSample sample = child.cpu();
      nanos += (sample.userTicks() + sample.systemTicks()) * TICK_NANOS;
    }
    return nanos;
  }

  private static long selfAndReaped() {
    try {
      String stat = Files.readString(Path.of("/proc/self/stat"));
      String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
      long ticks = 0;
      for (int field = 11; field <= 14; field++) { // utime, stime, cutime, cstime
        ticks += Long.parseLong(fields[field]);
      }
      return ticks * TICK_NANOS;
    } catch (IOException impossible) {
      throw new UncheckedIOException(impossible);
    }
  }

  /** What happened since the start. */
  public Reading read() {
    MachineLoad machine = MachineLoad.now();
    double seconds = (System.nanoTime() - startNanos) / 1e9;
    long steal = machine.stealNanos() - startMachine.stealNanos();
    long busy = machine.busyNanos() - startMachine.busyNanos() - steal;
    double others = Math.max(0, busy - (ours(children) - startOurs)) / 1e9 / seconds;
    return new Reading(seconds, others, steal / 1e9 / seconds, machine.loadAverage());
  }

  /**
   * A reading.
   *
   * @param seconds since the start
   * @param others CPUs that other work kept busy
   * @param steal CPUs that the hypervisor gave to others
   * @param loadAverage of the last minute
   */
  public record Reading(double seconds, double others, double steal, double loadAverage) {}
}
