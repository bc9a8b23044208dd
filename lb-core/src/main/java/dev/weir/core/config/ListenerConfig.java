package dev.weir.core.config;

import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * An address we accept on.
 *
 * @param bind where; port 0 takes a free one, a range of ports all of them
 * @param protocol {@code http}, {@code tcp} or {@code udp}
 * @param routes http, tcp: first match wins; those of tcp match {@code sni}, {@code alpn} and
 *     {@code sources}
 * @param pool where requests (tcp: connections) go that no route takes; udp: where everything goes
 * @param timeouts see there
 * @param limits see there
 * @param trustedProxies networks (CIDR) whose forwarded headers and request ids are believed
 * @param paths http: see there
 * @param errors http: pages for errors that the proxy answers itself, by status
 * @param causeHeader http: what {@code Weir-Cause} of those answers says: {@code off}, {@code
 *     cause} (default) or {@code full}
 * @param proxyProtocol null: no PROXY headers are read
 * @param forwarding http: see there
 * @param udp udp: see there
 * @param socket how its sockets are made
 */
public record ListenerConfig(
    @Describe(
            value =
                "Where it accepts: host:port, host:first-last or unix:/path; port 0 takes a free"
                    + " one.",
            form = Form.LISTEN,
            required = true)
        HostPort bind,
    @Describe(
            value = "What is spoken.",
            defaults = "http",
            oneOf = {"http", "tcp", "udp"})
        String protocol,
    @Describe("Where requests (tcp: connections) go; the first match wins.")
        List<RouteConfig> routes,
    @Describe(
            "Where requests (tcp: connections) go that no route takes. udp: where everything goes.")
        String pool,
    @Describe("Time limits of the client's side.") Timeouts timeouts,
    @Describe("Limits of connections and requests.") Limits limits,
    @Describe(
            value = "Networks (CIDR) whose forwarded headers and request ids are believed.",
            form = Form.CIDR)
        List<String> trustedProxies,
    @Describe("http: which paths are refused that backends may read in different ways.")
        Paths paths,
    @Describe("http: pages for errors that the proxy answers itself, by status: \"503\".")
        Map<String, ErrorPage> errors,
    @Describe(
            value =
                "http: what answers of the proxy itself say in the field Weir-Cause: nothing, the"
                    + " cause, or the cause with phase and side.",
            defaults = "cause",
            oneOf = {"off", "cause", "full"})
        String causeHeader,
    @Describe(
            "PROXY headers that tell the clients of a balancer in front; without it none is read.")
        ProxyProtocolConfig proxyProtocol,
    @Describe("http: what requests tell backends of the hop that we are.")
        ForwardingConfig forwarding,
    @Describe("udp: how many sessions there may be, and when they end.") UdpConfig udp,
    @Describe("How its sockets are made.") SocketConfig socket) {
  /** Fills in defaults. */
  public ListenerConfig {
    protocol = protocol == null ? "http" : protocol;
    routes = Copies.list(routes);
    timeouts = timeouts == null ? new Timeouts(null, null, null, null, null) : timeouts;
    limits = limits == null ? Limits.DEFAULT : limits;
    trustedProxies = Copies.list(trustedProxies);
    paths = paths == null ? new Paths(null, null, null, null) : paths;
    errors = Copies.ordered(errors);
    causeHeader = causeHeader == null ? "cause" : causeHeader;
    forwarding = forwarding == null ? new ForwardingConfig(null, null, null) : forwarding;
    udp = udp == null ? UdpConfig.DEFAULT : udp;
    socket = socket == null ? SocketConfig.DEFAULT : socket;
  }

  /** A listener without further settings of HTTP. */
  public ListenerConfig(
      HostPort bind,
      String protocol,
      List<RouteConfig> routes,
      String pool,
      Timeouts timeouts,
      Limits limits,
      List<String> trustedProxies) {
    this(
        bind,
        protocol,
        routes,
        pool,
        timeouts,
        limits,
        trustedProxies,
        null,
        null,
        null,
        null,
        null,
        null,
        null);
  }

  /** The same with other routes and another pool for what they leave. */
  public ListenerConfig withRoutes(List<RouteConfig> others, String rest) {
    return new ListenerConfig(
        bind,
        protocol,
        others,
        rest,
        timeouts,
        limits,
        trustedProxies,
        paths,
        errors,
        causeHeader,
        proxyProtocol,
        forwarding,
        udp,
        socket);
  }

  /** The same with sockets made in another way. */
  public ListenerConfig withSocket(SocketConfig other) {
    return new ListenerConfig(
        bind,
        protocol,
        routes,
        pool,
        timeouts,
        limits,
        trustedProxies,
        paths,
        errors,
        causeHeader,
        proxyProtocol,
        forwarding,
        udp,
        other);
  }

  /** The same, reading PROXY headers. */
  public ListenerConfig withProxyProtocol(ProxyProtocolConfig other) {
    return new ListenerConfig(
        bind,
        protocol,
        routes,
        pool,
        timeouts,
        limits,
        trustedProxies,
        paths,
        errors,
        causeHeader,
        other,
        forwarding,
        udp,
        socket);
  }

  /** The same with other settings of UDP. */
  public ListenerConfig withUdp(UdpConfig other) {
    return new ListenerConfig(
        bind,
        protocol,
        routes,
        pool,
        timeouts,
        limits,
        trustedProxies,
        paths,
        errors,
        causeHeader,
        proxyProtocol,
        forwarding,
        other,
        socket);
  }

  /**
   * Time limits of the client's side.
   *
   * @param header http: from the first byte of a request to the end of its head, absolute; default
   *     10 s
   * @param body http: without progress of the request body; default 30 s
   * @param idle http: between requests, default 60 s; tcp: without a byte in either direction,
   *     default 10 min; udp: without a datagram in either direction, default 30 s
   * @param fin how long one direction of a TCP session or of a tunnel (after 101) may be silent
   *     after the other has ended; default 30 s
   * @param hello tcp with routes by {@code sni} or {@code alpn}: from the accept, or the end of a
   *     PROXY header, to the end of the ClientHello, absolute; default 5 s
   */
  public record Timeouts(
      @Describe(
              value = "http: from the first byte of a request to the end of its head, absolute.",
              defaults = "10s",
              min = "1ms",
              max = "24h",
              form = Form.DURATION)
          Duration header,
      @Describe(
              value = "http: without progress of the request body.",
              defaults = "30s",
              min = "1ms",
              max = "24h",
              form = Form.DURATION)
          Duration body,
      @Describe(
              value =
                  "http: between requests, default 60s; tcp: without a byte in either direction,"
                      + " default 10m; udp: without a datagram in either direction, default 30s.",
              min = "1ms",
              max = "24h",
              form = Form.DURATION)
          Duration idle,
      @Describe(
              value =
                  "How long one direction of a session or tunnel may be silent after the other has"
                      + " ended.",
              defaults = "30s",
              min = "1ms",
              max = "24h",
              form = Form.DURATION)
          Duration fin,
      @Describe(
              value =
                  "tcp with routes by sni or alpn: from the accept, or the end of a PROXY header,"
                      + " to the end of the client's TLS hello, absolute.",
              defaults = "5s",
              min = "50ms",
              max = "1m",
              form = Form.DURATION)
          Duration hello) {
    /** Fills in defaults, except {@code idle} whose default is the protocol's. */
    public Timeouts {
      header = header == null ? Duration.ofSeconds(10) : header;
      body = body == null ? Duration.ofSeconds(30) : body;
      fin = fin == null ? Duration.ofSeconds(30) : fin;
      hello = hello == null ? Duration.ofSeconds(5) : hello;
    }
  }

  /**
   * Limits of connections and requests. A request that is too large is answered 414, 431 or 413; a
   * connection that is one too many is reset before anything of it is read.
   *
   * @param lineBytes the request line; default 8 KiB
   * @param headerBytes the whole head; default 32 KiB
   * @param headerCount header lines; default 100
   * @param bodyBytes a request body; default 0 = no limit
   * @param bufferBytes http: of one connection and direction, what is read and not taken, and what
   *     is written and not sent; default 64 KiB
   * @param connections open at once; default 0 = no limit
   * @param connectionsPerClient open at once from one client address (udp: sessions); default 0 =
   *     no limit
   * @param clientPrefix4 how many bits of an IPv4 address make a client address; default 32
   * @param clientPrefix6 the same for IPv6; default 64
   * @param helloBytes tcp with routes by {@code sni} or {@code alpn}: bytes in which a whole
   *     ClientHello must be found; default 16 KiB
   */
  public record Limits(
      @Describe(
              value = "The request line, in bytes.",
              defaults = "8192",
              min = "256",
              max = "65536")
          Integer lineBytes,
      @Describe(
              value = "The whole head of a request, in bytes.",
              defaults = "32768",
              min = "1024",
              max = "1048576")
          Integer headerBytes,
      @Describe(value = "Header lines.", defaults = "100", min = "1", max = "1000")
          Integer headerCount,
      @Describe(
              value = "The body of a request, in bytes; 0 is no limit.",
              defaults = "0",
              min = "0")
          Long bodyBytes,
      @Describe(
              value =
                  "http: bytes that wait in one direction of a connection before it is read no"
                      + " more; pipelined requests wait in them.",
              defaults = "65536",
              min = "16384",
              max = "16777216")
          Integer bufferBytes,
      @Describe(
              value = "Connections at once; 0 is no limit.",
              defaults = "0",
              min = "0",
              max = "10000000")
          Integer connections,
      @Describe(
              value = "Connections (udp: sessions) at once from one client address; 0: no limit.",
              defaults = "0",
              min = "0",
              max = "65535")
          Integer connectionsPerClient,
      @Describe(
              value = "Bits of an IPv4 address that make a client address.",
              defaults = "32",
              min = "8",
              max = "32")
          Integer clientPrefix4,
      @Describe(
              value = "Bits of an IPv6 address that make a client address.",
              defaults = "64",
              min = "16",
              max = "128")
          Integer clientPrefix6,
      @Describe(
              value =
                  "tcp with routes by sni or alpn: bytes in which the whole TLS hello of a client"
                      + " must be found.",
              defaults = "16384",
              min = "512",
              max = "65536")
          Integer helloBytes) {
    /** Everything by default. */
    public static final Limits DEFAULT = of(null, null, null, null);

    /** Limits of requests only. */
    public static Limits of(Integer line, Integer header, Integer count, Long body) {
      return new Limits(line, header, count, body, null, null, null, null, null, null);
    }

    /** Limits of connections only. */
    public static Limits ofConnections(Integer all, Integer perClient) {
      return new Limits(null, null, null, null, null, all, perClient, null, null, null);
    }

    /** Fills in defaults. */
    public Limits {
      lineBytes = lineBytes == null ? 8 * 1024 : lineBytes;
      headerBytes = headerBytes == null ? 32 * 1024 : headerBytes;
      headerCount = headerCount == null ? 100 : headerCount;
      bodyBytes = bodyBytes == null ? 0L : bodyBytes;
      bufferBytes = bufferBytes == null ? 64 * 1024 : bufferBytes;
      connections = connections == null ? 0 : connections;
      connectionsPerClient = connectionsPerClient == null ? 0 : connectionsPerClient;
      clientPrefix4 = clientPrefix4 == null ? 32 : clientPrefix4;
      clientPrefix6 = clientPrefix6 == null ? 64 : clientPrefix6;
      helloBytes = helloBytes == null ? 16 * 1024 : helloBytes;
    }
  }

  /**
   * What is done with paths that backends may read in different ways: {@code forward} them as they
   * are, or {@code refuse} them (400). Always refused are a NUL, a backslash, a number sign and dot
   * segments that leave the root. Routes with access rules refuse all of them.
   *
   * @param encodedSlash {@code %2f}; default forward
   * @param encodedBackslash {@code %5c}; default forward
   * @param semicolon {@code ;} and {@code %3b}; default forward
   * @param doubleSlash {@code //}; default forward
   */
  public record Paths(
      @Describe(
              value = "Paths with an encoded slash, %2f.",
              defaults = "forward",
              oneOf = {"forward", "refuse"})
          String encodedSlash,
      @Describe(
              value = "Paths with an encoded backslash, %5c.",
              defaults = "forward",
              oneOf = {"forward", "refuse"})
          String encodedBackslash,
      @Describe(
              value = "Paths with a semicolon, plain or encoded.",
              defaults = "forward",
              oneOf = {"forward", "refuse"})
          String semicolon,
      @Describe(
              value = "Paths with two slashes in a row.",
              defaults = "forward",
              oneOf = {"forward", "refuse"})
          String doubleSlash) {
    /** Fills in defaults. */
    public Paths {
      encodedSlash = encodedSlash == null ? "forward" : encodedSlash;
      encodedBackslash = encodedBackslash == null ? "forward" : encodedBackslash;
      semicolon = semicolon == null ? "forward" : semicolon;
      doubleSlash = doubleSlash == null ? "forward" : doubleSlash;
    }
  }

  /**
   * The page of an error.
   *
   * @param body a text of at most 64 KiB; given as {@code file:} it holds what the file held
   * @param type the Content-Type; default {@code text/html; charset=utf-8}
   */
  public record ErrorPage(
      @Describe(
              value = "The page, at most 64 KiB. file:/path is read from that file.",
              form = Form.CONTENT,
              required = true)
          String body,
      @Describe(
              value = "Its Content-Type.",
              defaults = "text/html; charset=utf-8",
              form = Form.HEADER_VALUE)
          String type) {
    /** Fills in defaults. */
    public ErrorPage {
      type = type == null ? "text/html; charset=utf-8" : type;
    }
  }
}
