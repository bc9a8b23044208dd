package dev.weir.core.config;

import java.time.Duration;
import java.util.Map;

/**
 * Named backends and how to choose among them.
 *
 * @param balance the algorithm; default {@code least-requests}
 * @param health active checks; null: none, backends are healthy until traffic says otherwise
 * @param backends by name
 * @param timeouts see there
 * @param retries attempts beyond the first for one request or connection, 0..10; default 2
 */
public record PoolConfig(
    BalanceConfig balance,
    HealthConfig health,
    Map<String, BackendConfig> backends,
    Timeouts timeouts,
    Integer retries) {
  /** Fills in defaults. */
  public PoolConfig {
    balance = balance == null ? new BalanceConfig(null, null) : balance;
    backends = Copies.ordered(backends);
    timeouts = timeouts == null ? new Timeouts(null, null, null, null) : timeouts;
    retries = retries == null ? 2 : retries;
  }

  /**
   * Time limits of the backend's side.
   *
   * @param connect to establish a connection; default 2 s
   * @param response http: from the end of the request to the response head; default 30 s
   * @param stall http: without progress of the response body; default 60 s
   * @param idle http: how long an upstream connection waits for work; default 30 s
   */
  public record Timeouts(Duration connect, Duration response, Duration stall, Duration idle) {
    /** Fills in defaults. */
    public Timeouts {
      connect = connect == null ? Duration.ofSeconds(2) : connect;
      response = response == null ? Duration.ofSeconds(30) : response;
      stall = stall == null ? Duration.ofSeconds(60) : stall;
      idle = idle == null ? Duration.ofSeconds(30) : idle;
    }
  }
}
