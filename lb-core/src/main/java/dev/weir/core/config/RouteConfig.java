package dev.weir.core.config;

import java.util.List;

/**
 * A match on a request, and the pool it leads to.
 *
 * @param match null matches every request
 * @param pool the name of a pool
 */
public record RouteConfig(Match match, String pool) {
  /**
   * All parts that are given must match.
   *
   * @param hosts any of these: {@code name} or {@code *.suffix}; empty: every host
   * @param path null: every path
   */
  public record Match(List<String> hosts, Path path) {
    /** Fills in defaults. */
    public Match {
      hosts = Copies.list(hosts);
    }
  }

  /**
   * A match on the path, without the query; exactly one of the two.
   *
   * @param exact the whole path
   * @param prefix the path, or its beginning up to a {@code /}
   */
  public record Path(String exact, String prefix) {}
}
