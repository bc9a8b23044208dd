package dev.weir.bench.soak;

/** What one client does, and how often in comparison with the others. */
enum Act {
  /** GETs one after another on one connection. */
  KEEP_ALIVE(30, true),
  /** POSTs by their length. */
  POST(10, true),
  /** POSTs in chunks. */
  CHUNKED_POST(8, true),
  /** POSTs after {@code 100 Continue}. */
  CONTINUE(3, true),
  /** Several GETs in one write. */
  PIPELINE(6, true),
  /** HEAD, and HTTP/1.0. */
  OLD_AND_HEAD(4, true),
  /** A large answer, read in small pieces. */
  SLOW_READER(2, true),
  /** A request that trickles in. */
  SLOW_WRITER(2, true),
  /** A tunnel with bytes both ways. */
  TUNNEL(4, true),
  /** More requests at once than the backends may take: a queue. */
  BURST(1, true),
  /** Ends within the head. */
  ABORT_HEAD(5, false),
  /** Ends within its body. */
  ABORT_BODY(5, false),
  /** Ends while reading the answer. */
  ABORT_READING(5, false),
  /** Asks and ends. */
  ABORT_ASKED(4, false),
  /** Ends within a tunnel. */
  ABORT_TUNNEL(2, false),
  /** What must be refused. */
  BAD_REQUEST(6, false),
  /** Stops within head or body until it is shown out. */
  STALLED(1, false),
  /** Connects and says nothing. */
  SILENT(1, false),
  /** A backend that breaks off, or never answers. */
  ODD_BACKEND(2, false);

  private final int weight;
  private final boolean good;

  Act(int weight, boolean good) {
    this.weight = weight;
    this.good = good;
  }

  int weight() {
    return weight;
  }

  /** Whether every request of it must be answered. */
  boolean good() {
    return good;
  }

  /** For people. */
  String text() {
    return name().toLowerCase(java.util.Locale.ROOT).replace('_', ' ');
  }
}
