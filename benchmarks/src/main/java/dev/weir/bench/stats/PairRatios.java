package dev.weir.bench.stats;

import java.util.Map;

/**
 * Ratios of two targets measured in interleaved rounds. Only rounds in which both have a valid cost
 * count, and each gives one ratio: what disturbs the machine for longer than a round disturbs both.
 */
public final class PairRatios {
  private PairRatios() {}

  /**
   * The ratios of {@code costs} to {@code reference}.
   *
   * @param costs cost by round; a discarded round is absent
   */
  public static Quartiles of(Map<Integer, Double> costs, Map<Integer, Double> reference) {
    double[] ratios =
        costs.entrySet().stream()
            .filter(entry -> reference.getOrDefault(entry.getKey(), 0.0) > 0)
            .mapToDouble(entry -> entry.getValue() / reference.get(entry.getKey()))
            .toArray();
    return Quartiles.of(ratios);
  }
}
