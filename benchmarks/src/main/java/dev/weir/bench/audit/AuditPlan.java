package dev.weir.bench.audit;

import dev.weir.bench.Options;

/**
 * What the audit client sends.
 *
 * @param port on 127.0.0.1
 * @param connections kept open, 1..1024
 * @param rate requests a second over all connections, open loop; 0: closed loop, each connection
 *     sends its next request as soon as it has the answer
 * @param seconds how long requests are sent
 * @param postPercent the share of POSTs
 * @param maxBytes bodies of requests and answers are of 1 byte to this
 * @param timeoutMillis a request without a complete answer by then has failed
 * @param reopen whether a connection that was closed is replaced; each is counted as opened
 */
public record AuditPlan(
    int port,
    int connections,
    int rate,
    int seconds,
    int postPercent,
    int maxBytes,
    int timeoutMillis,
    boolean reopen) {
  /** Reads a plan; rate and seconds have defaults of their own in each command. */
  public static AuditPlan read(Options options, int port, int rate, int seconds, int posts) {
    return new AuditPlan(
        port,
        options.number("connections", 64, 1, 1024),
        options.number("rate", rate, 0, 1_000_000),
        options.number("seconds", seconds, 1, 600),
        options.number("posts", posts, 0, 100),
        options.number("bytes", 4096, 1, Payload.MAX_BYTES),
        options.number("timeout", 5000, 1, 60_000),
        !options.flag("no-reopen"));
  }

  /** The same for another port. */
  public AuditPlan at(int other) {
    return new AuditPlan(
        other, connections, rate, seconds, postPercent, maxBytes, timeoutMillis, reopen);
  }
}
