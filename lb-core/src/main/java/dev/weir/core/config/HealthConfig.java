package dev.weir.core.config;

import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * Active checks: what to ask and when. At most one of {@code http} and {@code tcp}; neither means
 * {@code tcp}.
 *
 * @param interval from the start of one probe to the start of the next; default 2 s
 * @param timeout for one probe, less than the interval; default 500 ms
 * @param rise successes in a row that bring a backend in; default 2
 * @param fall failures in a row that take it out; default 3
 * @param fastInterval pause after a first failure; default 250 ms, at most the interval
 */
public record HealthConfig(
    Http http,
    Tcp tcp,
    Duration interval,
    Duration timeout,
    Integer rise,
    Integer fall,
    Duration fastInterval) {
  /** Fills in defaults. */
  public HealthConfig {
    if (http == null && tcp == null) {
      tcp = new Tcp();
    }
    interval = interval == null ? Duration.ofSeconds(2) : interval;
    timeout = timeout == null ? Duration.ofMillis(500) : timeout;
    rise = rise == null ? 2 : rise;
    fall = fall == null ? 3 : fall;
    if (fastInterval == null) {
      Duration fast = Duration.ofMillis(250);
      fastInterval = fast.compareTo(interval) < 0 ? fast : interval;
    }
  }

  /** The registered name of the probe. */
  public String probe() {
    return http != null ? "http" : "tcp";
  }

  /**
   * An HTTP/1.1 GET.
   *
   * @param path the request target; default {@code /}
   * @param host the Host header; default the backend's address
   * @param headers further request headers; values may be {@code file:} secrets
   * @param expect status codes and ranges that count as success, such as {@code 200-399}
   */
  public record Http(String path, String host, Map<String, String> headers, List<String> expect) {
    /** Fills in defaults. */
    public Http {
      path = path == null ? "/" : path;
      headers = Copies.ordered(headers);
      expect = expect == null || expect.isEmpty() ? List.of("200-399") : List.copyOf(expect);
    }
  }

  /** A TCP connection, closed as soon as it stands. */
  public record Tcp() {}
}
