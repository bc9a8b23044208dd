package dev.weir.core.config;

import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * A match on a request, and what is done with it: exactly one of {@code pool}, {@code split},
 * {@code redirect} and {@code respond}.
 *
 * @param name for logs and metrics; null: its place in the file
 * @param match null matches every request
 * @param pool the name of a pool
 * @param split shares of several pools
 * @param splitBy what a client's requests have in common that must stay in one pool: {@code
 *     source}, {@code path}, {@code request-id}, or {@code header:}, {@code cookie:}, {@code
 *     query:} and a name; default source
 * @param redirect an answer that leads elsewhere
 * @param respond a fixed answer
 * @param rewrite how the target and the host change on the way to the backend; null: not at all
 * @param requestHeaders edits of what the backend gets; null: none
 * @param responseHeaders edits of what the client gets; null: none
 * @param timeouts null: those of the pool
 * @param retries null: those of the pool
 * @param bodyBytes null: the listener's; 0: no limit
 * @param allow networks (CIDR) from which requests are taken; empty: from everywhere
 * @param deny networks (CIDR) from which requests are refused, before {@code allow} is asked
 */
public record RouteConfig(
    @Describe(value = "Its name in logs and metrics.", form = Form.NAME) String name,
    @Describe("What a request must be like; without it every request matches.") MatchConfig match,
    @Describe("The name of the pool that requests go to.") String pool,
    @Describe("Shares of several pools.") List<Share> split,
    @Describe(
            value =
                "What requests that go to one pool have in common: source, path, request-id,"
                    + " header:NAME, cookie:NAME or query:NAME.",
            defaults = "source")
        String splitBy,
    @Describe("An answer that leads elsewhere.") Redirect redirect,
    @Describe("A fixed answer.") Respond respond,
    @Describe("How the request changes on its way to the backend.") Rewrite rewrite,
    @Describe("Edits of the headers that the backend gets.") Headers requestHeaders,
    @Describe("Edits of the headers that the client gets.") Headers responseHeaders,
    @Describe("Time limits of this route; without them those of the pool.") Timeouts timeouts,
    @Describe(
            value = "Attempts beyond the first; without it those of the pool.",
            min = "0",
            max = "10")
        Integer retries,
    @Describe(
            value =
                "The body of a request, in bytes; 0 is no limit; without it that of the listener.",
            min = "0")
        Long bodyBytes,
    @Describe(value = "Networks (CIDR) that may use it; others get 403.", form = Form.CIDR)
        List<String> allow,
    @Describe(value = "Networks (CIDR) that get 403, allowed or not.", form = Form.CIDR)
        List<String> deny) {
  /** Fills in defaults. */
  public RouteConfig {
    split = Copies.list(split);
    splitBy = splitBy == null ? "source" : splitBy;
    allow = Copies.list(allow);
    deny = Copies.list(deny);
  }

  /** A match and a pool, and nothing else. */
  public static RouteConfig of(MatchConfig match, String pool) {
    return new RouteConfig(
        null, match, pool, null, null, null, null, null, null, null, null, null, null, null, null);
  }

  /** The pools that requests may go to; none when the route answers itself. */
  public List<String> leadsTo() {
    return pool != null ? List.of(pool) : split.stream().map(Share::pool).toList();
  }

  /**
   * A pool's share of a split.
   *
   * @param weight 0 takes nothing
   */
  public record Share(
      @Describe(value = "The name of a pool.", required = true) String pool,
      @Describe(
              value = "Its share, relative to the others; 0 takes nothing.",
              required = true,
              min = "0",
              max = "1000000")
          Integer weight) {}

  /**
   * An answer that leads elsewhere. Texts may name variables, such as {@code {host}}.
   *
   * @param status 301, 302, 303, 307 or 308; default 302
   * @param scheme {@code http} or {@code https}; null: the request's
   * @param host a template; null: the request's
   * @param port null: none is written if scheme or host is given, else the request's
   * @param path a template; null: the request's
   * @param query a template; null: the request's; empty: none
   */
  public record Redirect(
      @Describe(value = "301, 302, 303, 307 or 308.", defaults = "302", min = "301", max = "308")
          Integer status,
      @Describe(
              value = "The scheme; without it that of the request.",
              oneOf = {"http", "https"})
          String scheme,
      @Describe("The host, with variables such as {host}; without it that of the request.")
          String host,
      @Describe(value = "The port.", min = "1", max = "65535") Integer port,
      @Describe("The path, with variables such as {path}; without it that of the request.")
          String path,
      @Describe("The query, with variables such as {query}; without it that of the request.")
          String query) {
    /** Fills in defaults. */
    public Redirect {
      status = status == null ? 302 : status;
    }
  }

  /**
   * A fixed answer.
   *
   * @param status 200..599; default 200
   * @param headers further headers
   * @param body a text of at most 64 KiB; given as {@code file:} it holds what the file held
   */
  public record Respond(
      @Describe(value = "The status.", defaults = "200", min = "200", max = "599") Integer status,
      @Describe(value = "Headers of the answer.", form = Form.HEADER_VALUE)
          Map<String, String> headers,
      @Describe(
              value = "The body, at most 64 KiB. file:/path is read from that file.",
              form = Form.CONTENT)
          String body) {
    /** Fills in defaults. */
    public Respond {
      status = status == null ? 200 : status;
      headers = Copies.ordered(headers);
    }

    /** Leaves the content out: it may be a secret. */
    @Override
    public String toString() {
      return "Respond[status=" + status + ", headers=" + headers.keySet() + "]";
    }
  }

  /**
   * How the request changes on its way to the backend; of the path at most one of {@code prefix},
   * {@code path} and {@code regex}.
   *
   * @param prefix stands in place of the prefix that matched
   * @param path a template that stands in place of the path
   * @param regex RE2 syntax: each part of the path that matches is replaced by {@code with}
   * @param with a template; {@code {1}} is the first group of the regular expression
   * @param host a template for the Host that the backend gets; null: the client's
   */
  public record Rewrite(
      @Describe(value = "Stands in place of the prefix that matched.", form = Form.PATH)
          String prefix,
      @Describe("Stands in place of the path; with variables such as {id}.") String path,
      @Describe("A regular expression (RE2): what matches it in the path is replaced by 'with'.")
          String regex,
      @Describe("What replaces it; {1} is the first group.") String with,
      @Describe("The Host that the backend gets, with variables such as {host}.") String host) {}

  /**
   * Edits of header fields: first {@code remove}, then {@code set}, then {@code add}. Values may
   * name variables, such as {@code {source}}.
   *
   * @param set in place of all fields of this name
   * @param add beside what is there
   * @param remove all fields of these names
   */
  public record Headers(
      @Describe(value = "Written in place of all fields of this name.", form = Form.HEADER_VALUE)
          Map<String, String> set,
      @Describe(value = "Written beside the fields that are there.", form = Form.HEADER_VALUE)
          Map<String, String> add,
      @Describe("Names of fields that are taken out.") List<String> remove) {
    /** Fills in defaults. */
    public Headers {
      set = Copies.ordered(set);
      add = Copies.ordered(add);
      remove = Copies.list(remove);
    }

    /** Leaves the values out: they may be secrets. */
    @Override
    public String toString() {
      return "Headers[set=" + set.keySet() + ", add=" + add.keySet() + ", remove=" + remove + "]";
    }
  }

  /**
   * Time limits of a route; null: the pool's.
   *
   * @param response from the end of the request to the response head
   * @param stall without progress of the response body
   * @param request of the whole exchange, from the request head to the end of the response; null:
   *     no limit
   */
  public record Timeouts(
      @Describe(
              value = "From the end of the request to the response head.",
              min = "1ms",
              max = "24h",
              form = Form.DURATION)
          Duration response,
      @Describe(
              value = "Without progress of the response body.",
              min = "1ms",
              max = "24h",
              form = Form.DURATION)
          Duration stall,
      @Describe(
              value = "Of the whole exchange; without it there is no limit.",
              min = "1ms",
              max = "24h",
              form = Form.DURATION)
          Duration request) {}
}
