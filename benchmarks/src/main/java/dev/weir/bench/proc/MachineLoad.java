package dev.weir.bench.proc;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * How busy the whole machine is, from {@code /proc/loadavg} and {@code /proc/stat}.
 *
 * @param loadAverage of the last minute; the harness itself adds up to 3 while it measures
 * @param busyNanos CPU time spent on anything but idling, all processors, by ticks of 10 ms
 * @param stealNanos CPU time that the hypervisor gave to others, part of {@code busyNanos}
 */
public record MachineLoad(double loadAverage, long busyNanos, long stealNanos) {
  private static final long TICK_NANOS = 10_000_000;

  /** Now. */
  public static MachineLoad now() {
    try {
      return parse(
          Files.readString(Path.of("/proc/loadavg")), Files.readString(Path.of("/proc/stat")));
    } catch (IOException unreadable) {
      throw new UncheckedIOException("this harness needs Linux with /proc", unreadable);
    }
  }

  static MachineLoad parse(String loadavg, String stat) {
    String[] cpu = stat.substring(0, stat.indexOf('\n')).trim().split(" +");
    long busy = 0;
    for (int field : new int[] {1, 2, 3, 6, 7, 8}) { // not idle (4), iowait (5), guests (9, 10)
      busy += Long.parseLong(cpu[field]);
    }
    return new MachineLoad(
        Double.parseDouble(loadavg.substring(0, loadavg.indexOf(' '))),
        busy * TICK_NANOS,
        Long.parseLong(cpu[8]) * TICK_NANOS);
  }
}
