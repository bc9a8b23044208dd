package dev.weir.core.config;

import java.time.Duration;
import java.util.List;

/**
 * An address we accept on.
 *
 * @param bind where; port 0 takes a free one
 * @param protocol {@code http} or {@code tcp}
 * @param routes http only: first match wins
 * @param pool tcp: where every connection goes; http: where requests go that no route takes
 * @param timeouts see there
 * @param limits see there
 * @param trustedProxies networks (CIDR) whose forwarded headers and request ids are believed
 */
public record ListenerConfig(
    HostPort bind,
    String protocol,
    List<RouteConfig> routes,
    String pool,
    Timeouts timeouts,
    Limits limits,
    List<String> trustedProxies) {
  /** Fills in defaults. */
  public ListenerConfig {
    protocol = protocol == null ? "http" : protocol;
    routes = Copies.list(routes);
    timeouts = timeouts == null ? new Timeouts(null, null, null, null) : timeouts;
    limits = limits == null ? new Limits(null, null, null, null) : limits;
    trustedProxies = Copies.list(trustedProxies);
  }

  /**
   * Time limits of the client's side.
   *
   * @param header http: from the first byte of a request to the end of its head, absolute; default
   *     10 s
   * @param body http: without progress of the request body; default 30 s
   * @param idle http: between requests, default 60 s; tcp: without a byte in either direction,
   *     default 10 min
   * @param fin tcp: how long one direction may stay open after the other has ended; default 30 s
   */
  public record Timeouts(Duration header, Duration body, Duration idle, Duration fin) {
    /** Fills in defaults, except {@code idle} whose default is the protocol's. */
    public Timeouts {
      header = header == null ? Duration.ofSeconds(10) : header;
      body = body == null ? Duration.ofSeconds(30) : body;
      fin = fin == null ? Duration.ofSeconds(30) : fin;
    }
  }

  /**
   * Size limits of requests; a request beyond them is answered 414, 431 or 413.
   *
   * @param lineBytes the request line; default 8 KiB
   * @param headerBytes the whole head; default 32 KiB
   * @param headerCount header lines; default 100
   * @param bodyBytes a request body; default 0 = no limit
   */
  public record Limits(
      Integer lineBytes, Integer headerBytes, Integer headerCount, Long bodyBytes) {
    /** Fills in defaults. */
    public Limits {
      lineBytes = lineBytes == null ? 8 * 1024 : lineBytes;
      headerBytes = headerBytes == null ? 32 * 1024 : headerBytes;
      headerCount = headerCount == null ? 100 : headerCount;
      bodyBytes = bodyBytes == null ? 0L : bodyBytes;
    }
  }
}
