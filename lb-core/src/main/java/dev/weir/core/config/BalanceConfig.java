package dev.weir.core.config;

import java.util.Map;

/**
 * The algorithm and its options. Written as a name, or as a map with {@code algorithm} and options.
 *
 * @param algorithm a registered name; default {@code least-requests}
 * @param options raw options, typed by the algorithm's factory
 */
public record BalanceConfig(
    @Describe(value = "The name of the algorithm.", defaults = "least-requests", required = true)
        String algorithm,
    Map<String, Object> options) {
  /** Fills in defaults. */
  public BalanceConfig {
    algorithm = algorithm == null ? "least-requests" : algorithm;
    options = Copies.ordered(options);
  }
}
