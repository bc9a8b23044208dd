package dev.weir.core.config;

import java.util.List;

/**
 * A match on a request, and the pool it leads to.
 *
 * @param match null matches every request
 * @param pool the name of a pool
 */
public record RouteConfig(
    @Describe("What a request must be like; without it every request matches.") Match match,
    @Describe(value = "The name of a pool.", required = true) String pool) {
  /**
   * All parts that are given must match.
   *
   * @param hosts any of these: {@code name} or {@code *.suffix}; empty: every host
   * @param path null: every path
   */
  public record Match(
      @Describe(
              value = "Any of these hosts: a name, or *.suffix; without it every host.",
              form = Form.HOST)
          List<String> hosts,
      @Describe("The path, without the query; exactly one of 'exact' and 'prefix'.") Path path) {
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
  public record Path(
      @Describe(value = "The whole path.", form = Form.PATH) String exact,
      @Describe(value = "The path, or its beginning up to a '/'.", form = Form.PATH)
          String prefix) {}
}
