package dev.weir.core.config;

import java.util.List;

/**
 * What a request or a connection must be like: all parts that are given must match. Nested by
 * {@code all}, {@code any} and {@code not}, at most {@link Bounds#CONDITION_DEPTH} deep.
 *
 * @param hosts any of these: {@code name} or {@code *.suffix}; empty: every host
 * @param path null: every path
 * @param methods any of these; empty: every method
 * @param headers all of these
 * @param query all of these parameters
 * @param cookies all of these
 * @param sources networks (CIDR), any of these; empty: every client
 * @param sni tcp: the name that a TLS client asks for is any of these, {@code name} or {@code
 *     *.suffix}; empty: no demand
 * @param alpn tcp: a TLS client offers any of these protocols; empty: no demand
 * @param all all of these
 * @param any at least one of these; empty: no demand
 * @param not not this
 * @param access whether access depends on it: then the route refuses paths that can be read in more
 *     than one way
 */
public record MatchConfig(
    @Describe(
            value = "Any of these hosts: a name, or *.suffix; without it every host.",
            form = Form.HOST)
        List<String> hosts,
    @Describe("The path, without the query; exactly one of its keys.") Path path,
    @Describe("Any of these methods, in capitals as they are sent; without it every method.")
        List<String> methods,
    @Describe("All of these header fields.") List<Value> headers,
    @Describe("All of these parameters of the query.") List<Value> query,
    @Describe("All of these cookies.") List<Value> cookies,
    @Describe(value = "The client's address is in any of these networks.", form = Form.CIDR)
        List<String> sources,
    @Describe(
            value =
                "tcp: the name that a TLS client asks for is any of these: a name, or *.suffix.",
            form = Form.SNI)
        List<String> sni,
    @Describe(value = "tcp: a TLS client offers any of these protocols.", form = Form.ALPN)
        List<String> alpn,
    @Describe("All of these match.") List<MatchConfig> all,
    @Describe("At least one of these matches.") List<MatchConfig> any,
    @Describe("This does not match.") MatchConfig not,
    @Describe(
            value =
                "Access depends on it: paths that backends may read in another way are refused"
                    + " (400).",
            defaults = "false")
        Boolean access) {
  /** Fills in defaults. */
  public MatchConfig {
    hosts = Copies.list(hosts);
    methods = Copies.list(methods);
    headers = Copies.list(headers);
    query = Copies.list(query);
    cookies = Copies.list(cookies);
    sources = Copies.list(sources);
    sni = Copies.list(sni);
    alpn = Copies.list(alpn);
    all = Copies.list(all);
    any = Copies.list(any);
    access = access != null && access;
  }

  /** A match on host and path alone. */
  public static MatchConfig of(List<String> hosts, Path path) {
    return new MatchConfig(
        hosts, path, null, null, null, null, null, null, null, null, null, null, null);
  }

  /** A match of connections on all of these; null for no demand. */
  public static MatchConfig ofConnection(
      List<String> sni, List<String> alpn, List<String> sources) {
    return new MatchConfig(
        null, null, null, null, null, null, sources, sni, alpn, null, null, null, null);
  }

  /**
   * A match on the path, without the query; exactly one of these.
   *
   * @param exact the whole path
   * @param prefix the path, or its beginning up to a {@code /}
   * @param pattern segments, some of them variables: {@code /users/{id}/orders}
   * @param regex RE2 syntax, for the whole path
   */
  public record Path(
      @Describe(value = "The whole path.", form = Form.PATH) String exact,
      @Describe(value = "The path, or its beginning up to a '/'.", form = Form.PATH) String prefix,
      @Describe(
              value =
                  "The whole path; a segment {name} stands for any one segment, a last one {name*}"
                      + " for all that is left.",
              form = Form.PATH)
          String pattern,
      @Describe("A regular expression (RE2) that the whole path matches.") String regex) {
    /** A match on the path alone. */
    public static Path ofPrefix(String prefix) {
      return new Path(null, prefix, null, null);
    }

    /** A match on the whole path. */
    public static Path ofExact(String exact) {
      return new Path(exact, null, null, null);
    }
  }

  /**
   * A match on a named value. A name that occurs more than once matches when one of its values
   * does; of headers, each line and each of its members between commas is a value.
   *
   * @param name names of headers in any case, others exactly
   * @param exact the whole value
   * @param prefix its beginning
   * @param regex RE2 syntax, for the whole value
   * @param present whether it must be there; null with none of the others: it must
   */
  public record Value(
      @Describe(value = "Its name.", required = true, min = "1", max = "256") String name,
      @Describe("The whole value.") String exact,
      @Describe("The beginning of the value.") String prefix,
      @Describe("A regular expression (RE2) that the whole value matches.") String regex,
      @Describe("Whether it must be there, whatever its value.") Boolean present) {}
}
