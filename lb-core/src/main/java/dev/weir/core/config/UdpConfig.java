package dev.weir.core.config;

/**
 * How a UDP listener makes sessions out of datagrams.
 *
 * @param sessions at once, 1..1,000,000; default 16,384, for which the ports that Linux gives by
 *     default (28,232) suffice, since each session takes one
 * @param responses answers that each datagram of a client gets, 0..1,000,000; with the last one the
 *     session ends. 0: none, and none is passed on. Null: not known, sessions end when idle
 * @param requests datagrams of a client that belong to one session, 1..1,000,000,000; the next one
 *     begins another, perhaps on another backend. Null: as many as come
 * @param amplification bytes that a session may send to its client for each byte that it got from
 *     it, 1..10,000. Null: no limit
 */
public record UdpConfig(
    @Describe(
            value = "Sessions at once; each one is a descriptor and a local port.",
            defaults = "16384",
            min = "1",
            max = "1000000")
        Integer sessions,
    @Describe(
            value =
                "Answers to each datagram of a client; with the last one the session ends. 0: none,"
                    + " and none is passed on. Without it a session ends when it is idle.",
            min = "0",
            max = "1000000")
        Integer responses,
    @Describe(
            value =
                "Datagrams of a client that belong to one session; the next one begins another."
                    + " Without it as many as come.",
            min = "1",
            max = "1000000000")
        Integer requests,
    @Describe(
            value =
                "Bytes that a session sends to its client at most for each byte that it got from it."
                    + " Without it as many as the backend sends.",
            min = "1",
            max = "10000")
        Integer amplification) {
  /** Everything by default. */
  public static final UdpConfig DEFAULT = new UdpConfig(null, null, null, null);

  /** Fills in the default. */
  public UdpConfig {
    sessions = sessions == null ? 16_384 : sessions;
  }
}
