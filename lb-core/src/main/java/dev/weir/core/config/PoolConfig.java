package dev.weir.core.config;

import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * Named backends and how to choose among them.
 *
 * @param balance the algorithm; default {@code least-requests}
 * @param health active checks; null: none, backends are healthy until traffic says otherwise
 * @param backends by name
 * @param timeouts see there
 * @param retries attempts beyond the first for one request or connection, 0..10; default 2
 * @param limits see there
 * @param proxyProtocol the PROXY header that every connection to a backend begins with: {@code off}
 *     (the default), {@code v1} or {@code v2}
 * @param proxyTlvs v2 only: what the header says beside addresses: {@code authority}, {@code alpn},
 *     {@code unique-id}, {@code crc32c}; default nothing
 * @param allDown what becomes of new work while no backend is eligible; default {@code reset}
 * @param source from which address connections are made, or {@code client}: from the client's;
 *     null: as the kernel likes
 */
public record PoolConfig(
    @Describe(
            value = "The algorithm: its name, or a map with 'algorithm' and its options.",
            defaults = "least-requests")
        BalanceConfig balance,
    @Describe("Active checks; without them backends are healthy until traffic says otherwise.")
        HealthConfig health,
    @Describe("The backends by name.") Map<String, BackendConfig> backends,
    @Describe("Time limits of the backend's side.") Timeouts timeouts,
    @Describe(
            value = "Attempts beyond the first for one request or connection.",
            defaults = "2",
            min = "0",
            max = "10")
        Integer retries,
    @Describe("How much each backend is given at once, and how long the rest waits.") Limits limits,
    @Describe(
            value = "The PROXY header that every connection to a backend begins with.",
            defaults = "off",
            oneOf = {"off", "v1", "v2"})
        String proxyProtocol,
    @Describe(
            value =
                "v2: what the header says beside addresses: the host that the client asks for, its"
                    + " protocol, a name of the connection, a checksum.",
            oneOf = {"authority", "alpn", "unique-id", "crc32c"})
        List<String> proxyTlvs,
    @Describe(
            value =
                "While no backend is eligible: reset sessions (requests are answered 503), close"
                    + " the sockets of the tcp listeners, or let another pool stand in, as a map"
                    + " with 'pool'.",
            defaults = "reset",
            form = Form.ALL_DOWN)
        AllDownConfig allDown,
    @Describe(
            value =
                "From which address connections to the backends are made; 'client': from the"
                    + " client's (IP_TRANSPARENT, CAP_NET_ADMIN).",
            form = Form.SOURCE)
        String source) {
  /** The {@link #source} that stands for the client's address. */
  public static final String CLIENT = "client";

  /** Fills in defaults. */
  public PoolConfig {
    balance = balance == null ? new BalanceConfig(null, null) : balance;
    backends = Copies.ordered(backends);
    timeouts = timeouts == null ? new Timeouts(null, null, null, null) : timeouts;
    retries = retries == null ? 2 : retries;
    limits = limits == null ? new Limits(null, null, null, null) : limits;
    proxyProtocol = proxyProtocol == null ? "off" : proxyProtocol;
    proxyTlvs = Copies.list(proxyTlvs);
    allDown = allDown == null ? AllDownConfig.RESET : allDown;
  }

  /** A pool whose backends get no PROXY header. */
  public PoolConfig(
      BalanceConfig balance,
      HealthConfig health,
      Map<String, BackendConfig> backends,
      Timeouts timeouts,
      Integer retries,
      Limits limits) {
    this(balance, health, backends, timeouts, retries, limits, null, null, null, null);
  }

  /** A pool that resets while all is down. */
  public PoolConfig(
      BalanceConfig balance,
      HealthConfig health,
      Map<String, BackendConfig> backends,
      Timeouts timeouts,
      Integer retries,
      Limits limits,
      String proxyProtocol) {
    this(balance, health, backends, timeouts, retries, limits, proxyProtocol, null, null, null);
  }

  /** The same with another PROXY header. */
  public PoolConfig withProxyProtocol(String other, String... tlvs) {
    List<String> told = List.of(tlvs);
    return new PoolConfig(
        balance, health, backends, timeouts, retries, limits, other, told, allDown, source);
  }

  /** The same with other conduct while all is down. */
  public PoolConfig withAllDown(AllDownConfig other) {
    return new PoolConfig(
        balance,
        health,
        backends,
        timeouts,
        retries,
        limits,
        proxyProtocol,
        proxyTlvs,
        other,
        source);
  }

  /** The same with connections from another address. */
  public PoolConfig withSource(String other) {
    return new PoolConfig(
        balance,
        health,
        backends,
        timeouts,
        retries,
        limits,
        proxyProtocol,
        proxyTlvs,
        allDown,
        other);
  }

  /** Whether connections are made from the client's address. */
  public boolean fromClient() {
    return CLIENT.equals(source);
  }

  /** The same settings for other backends. */
  public PoolConfig withBackends(Map<String, BackendConfig> others) {
    return new PoolConfig(
        balance,
        health,
        others,
        timeouts,
        retries,
        limits,
        proxyProtocol,
        proxyTlvs,
        allDown,
        source);
  }

  /**
   * How much each backend is given at once; what exceeds it waits, first come first served.
   *
   * @param requests requests (tcp: sessions) at once on one backend; default 0 = no limit
   * @param connections http: open connections to one backend, idle ones included; default 0 = no
   *     limit
   * @param queue most that wait for each backend of the pool; default 1000
   * @param queueTimeout how long they wait before the answer is 503; default 5 s
   */
  public record Limits(
      @Describe(
              value = "Requests (tcp: sessions) at once on one backend; 0: no limit.",
              defaults = "0",
              min = "0",
              max = "1000000")
          Integer requests,
      @Describe(
              value = "http: open connections to one backend, idle ones included; 0: no limit.",
              defaults = "0",
              min = "0",
              max = "1000000")
          Integer connections,
      @Describe(
              value = "Most that wait for each backend of the pool.",
              defaults = "1000",
              min = "0",
              max = "1000000")
          Integer queue,
      @Describe(
              value = "How long they wait before the answer is 503.",
              defaults = "5s",
              min = "1ms",
              max = "1h",
              form = Form.DURATION)
          Duration queueTimeout) {
    /** Fills in defaults. */
    public Limits {
      requests = requests == null ? 0 : requests;
      connections = connections == null ? 0 : connections;
      queue = queue == null ? 1000 : queue;
      queueTimeout = queueTimeout == null ? Duration.ofSeconds(5) : queueTimeout;
    }
  }

  /**
   * Time limits of the backend's side.
   *
   * @param connect to establish a connection; default 2 s
   * @param response http: from the end of the request to the response head; default 30 s
   * @param stall http: without progress of the response body; default 60 s
   * @param idle http: how long an upstream connection waits for work; default 30 s
   */
  public record Timeouts(
      @Describe(
              value = "To establish a connection.",
              defaults = "2s",
              min = "1ms",
              max = "1h",
              form = Form.DURATION)
          Duration connect,
      @Describe(
              value = "http: from the end of the request to the response head.",
              defaults = "30s",
              min = "1ms",
              max = "24h",
              form = Form.DURATION)
          Duration response,
      @Describe(
              value = "http: without progress of the response body.",
              defaults = "60s",
              min = "1ms",
              max = "24h",
              form = Form.DURATION)
          Duration stall,
      @Describe(
              value = "http: how long an upstream connection waits for work.",
              defaults = "30s",
              min = "1ms",
              max = "24h",
              form = Form.DURATION)
          Duration idle) {
    /** Fills in defaults. */
    public Timeouts {
      connect = connect == null ? Duration.ofSeconds(2) : connect;
      response = response == null ? Duration.ofSeconds(30) : response;
      stall = stall == null ? Duration.ofSeconds(60) : stall;
      idle = idle == null ? Duration.ofSeconds(30) : idle;
    }
  }
}
