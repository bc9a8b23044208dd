package dev.weir.bench.run;

import dev.weir.bench.proc.CpuSample;
import java.util.List;
import java.util.Locale;

/**
 * One target in one round.
 *
 * @param number from 1
 * @param use CPU time of the proxy; null for "direct"
 * @param result what the load generator counted
 * @param seconds how long it took
 * @param others CPUs kept busy by work that is not ours
 * @param steal CPUs taken by the hypervisor
 * @param loadAverage of the machine, our own load included
 */
record Round(
    int number,
    String target,
    CpuSample.Use use,
    LoadResult result,
    double seconds,
    double others,
    double steal,
    double loadAverage) {
  /** Above this much work of others, in CPUs, a round is marked as noisy. */
  static final double NOISE = 0.15;

  static final List<String> COLUMNS =
      List.of(
          "round",
          "target",
          "units",
          "seconds",
          "cpu_nanos",
          "user_nanos",
          "system_nanos",
          "nanos_per_unit",
          "errors",
          "p50_us",
          "p99_us",
          "others_cpus",
          "steal_cpus",
          "load_average",
          "discarded");

  /** Why it does not count; empty when it does. */
  String discarded() {
    if (!result.problem().isEmpty()) {
      return result.problem();
    }
    return use == null || use.consistent() ? "" : "the two CPU clocks disagree";
  }

  boolean valid() {
    return discarded().isEmpty();
  }

  boolean noisy() {
    return others > NOISE || steal > NOISE;
  }

  /** CPU nanoseconds per unit; NaN for "direct". */
  double cost() {
    return use == null ? Double.NaN : (double) use.nanos() / result.units();
  }

  double rate() {
    return result.units() / result.seconds();
  }

  /** The share of the time in which the proxy was on a CPU. */
  double busy() {
    return use == null ? Double.NaN : use.nanos() / 1e9 / seconds;
  }

  long value(String name) {
    return result.values().getOrDefault(name, 0L);
  }

  String csv() {
    String why = discarded().replaceAll("[\\s,\"]+", " ");
    return String.format(
        Locale.ROOT,
        "%d,%s,%d,%.3f,%d,%d,%d,%.4f,%d,%d,%d,%.3f,%.3f,%.2f,%s",
        number,
        target,
        result.units(),
        seconds,
        use == null ? 0 : use.nanos(),
        use == null ? 0 : use.userNanos(),
        use == null ? 0 : use.systemNanos(),
        cost(),
        value("errors"),
        value("p50"),
        value("p99"),
        others,
        steal,
        loadAverage,
        why);
  }
}
