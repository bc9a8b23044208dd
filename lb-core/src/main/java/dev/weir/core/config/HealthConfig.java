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
 * @param proxyProtocol whether probes begin with the PROXY header that the pool's connections begin
 *     with; default true
 * @param port where to ask; null: the backend's
 */
public record HealthConfig(
    @Describe("Ask with an HTTP/1.1 GET. At most one of 'http' and 'tcp'; neither means 'tcp'.")
        Http http,
    @Describe("Ask with a TCP connection, closed as soon as it stands.") Tcp tcp,
    @Describe(
            value = "From the start of one probe to the start of the next.",
            defaults = "2s",
            min = "10ms",
            max = "1h",
            form = Form.DURATION)
        Duration interval,
    @Describe(
            value = "For one probe; less than the interval.",
            defaults = "500ms",
            min = "1ms",
            max = "1h",
            form = Form.DURATION)
        Duration timeout,
    @Describe(
            value = "Successes in a row that bring a backend in.",
            defaults = "2",
            min = "1",
            max = "100")
        Integer rise,
    @Describe(
            value = "Failures in a row that take a backend out.",
            defaults = "3",
            min = "1",
            max = "100")
        Integer fall,
    @Describe(
            value = "The pause after a first failure; at most the interval.",
            defaults = "250ms",
            min = "10ms",
            max = "1h",
            form = Form.DURATION)
        Duration fastInterval,
    @Describe(
            value =
                "Whether probes begin with a PROXY header, of nobody's connection, where the pool's"
                    + " connections begin with one.",
            defaults = "true")
        Boolean proxyProtocol,
    @Describe(value = "The port that is asked; without it the backend's.", min = "1", max = "65535")
        Integer port) {
  /** Fills in defaults. */
  public HealthConfig {
    if (http == null && tcp == null) {
      tcp = new Tcp();
    }
    interval = interval == null ? Duration.ofSeconds(2) : interval;
    timeout = timeout == null ? Duration.ofMillis(500) : timeout;
    rise = rise == null ? 2 : rise;
    fall = fall == null ? 3 : fall;
    proxyProtocol = proxyProtocol == null || proxyProtocol;
    if (fastInterval == null) {
      Duration fast = Duration.ofMillis(250);
      fastInterval = fast.compareTo(interval) < 0 ? fast : interval;
    }
  }

  /** Checks that ask the backend's own port. */
  public HealthConfig(
      Http http,
      Tcp tcp,
      Duration interval,
      Duration timeout,
      Integer rise,
      Integer fall,
      Duration fastInterval) {
    this(http, tcp, interval, timeout, rise, fall, fastInterval, null, null);
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
   * @param headers further request headers; values given as {@code file:} hold what the file held
   * @param expect status codes and ranges that count as success, such as {@code 200-399}
   */
  public record Http(
      @Describe(value = "The request target.", defaults = "/", form = Form.TARGET) String path,
      @Describe(value = "The Host header; default: the backend's address.", form = Form.AUTHORITY)
          String host,
      @Describe(
              value =
                  "Further request headers. A value file:/path is read from that file and never"
                      + " shown.",
              form = Form.HEADER_VALUE)
          Map<String, String> headers,
      @Describe(
              value = "Status codes and ranges that count as success: 200, 200-399, or a list.",
              defaults = "200-399",
              form = Form.STATUS)
          List<String> expect) {
    /** Fills in defaults. */
    public Http {
      path = path == null ? "/" : path;
      headers = Copies.ordered(headers);
      expect = expect == null || expect.isEmpty() ? List.of("200-399") : List.copyOf(expect);
    }

    /** {@link #expect} as ranges. */
    public List<StatusRange> expected() {
      return expect.stream().map(StatusRange::parse).toList();
    }

    /** Leaves the values of headers out: they may be secrets. */
    @Override
    public String toString() {
      return "Http[path="
          + path
          + ", host="
          + host
          + ", headers="
          + headers.keySet()
          + ", expect="
          + expect
          + "]";
    }
  }

  /** A TCP connection, closed as soon as it stands. */
  public record Tcp() {}
}
