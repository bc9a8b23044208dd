package dev.weir.core.config;

import java.time.Duration;

/**
 * What concerns the whole process; changed by a restart only.
 *
 * @param transport {@code auto} (epoll where it is available), {@code epoll}, {@code io_uring} or
 *     {@code nio}
 * @param loops event loops of the data path, 1..256; default: one per processor
 * @param maxConnections client connections at once; default (open-file limit - 256) / 2
 * @param splice {@code auto} (the default: TCP bulk is moved by the kernel where that is cheaper)
 *     or {@code off}
 * @param shutdown how SIGTERM ends the process
 */
public record ProcessConfig(
    @Describe(
            value = "How sockets are served; auto takes epoll where it is available.",
            defaults = "auto",
            oneOf = {"auto", "epoll", "io_uring", "nio"})
        String transport,
    @Describe(
            value = "Event loops of the data path; default: one per processor.",
            min = "1",
            max = "256")
        Integer loops,
    @Describe(
            value = "Client connections at once; default: (open-file limit - 256) / 2.",
            min = "1",
            max = "10000000")
        Integer maxConnections,
    @Describe(
            value =
                "tcp: auto lets the kernel move bulk from socket to socket where that is cheaper"
                    + " (epoll, JDK 22 or later); off copies everything.",
            defaults = "auto",
            oneOf = {"auto", "off"})
        String splice,
    @Describe("How SIGTERM ends the process.") Shutdown shutdown) {
  /** Fills in defaults; {@code loops} and {@code maxConnections} stay null for "by the machine". */
  public ProcessConfig {
    transport = transport == null ? "auto" : transport;
    splice = splice == null ? "auto" : splice;
    shutdown = shutdown == null ? new Shutdown(null, null, null) : shutdown;
  }

  /**
   * The graceful end.
   *
   * @param preDelay between {@code /readyz} turning 503 and the end of accepting; default 5 s
   * @param drain how long requests in flight may take from then on; default 30 s
   * @param hard the end of everything, from the signal on; default 60 s
   */
  public record Shutdown(
      @Describe(
              value = "Between /readyz turning 503 and the end of accepting.",
              defaults = "5s",
              min = "0s",
              max = "1h",
              form = Form.DURATION)
          Duration preDelay,
      @Describe(
              value = "How long requests in flight may take from then on.",
              defaults = "30s",
              min = "0s",
              max = "24h",
              form = Form.DURATION)
          Duration drain,
      @Describe(
              value = "The end of everything, from the signal on.",
              defaults = "60s",
              min = "0s",
              max = "24h",
              form = Form.DURATION)
          Duration hard) {
    /** Fills in defaults. */
    public Shutdown {
      preDelay = preDelay == null ? Duration.ofSeconds(5) : preDelay;
      drain = drain == null ? Duration.ofSeconds(30) : drain;
      hard = hard == null ? Duration.ofSeconds(60) : hard;
    }
  }
}
