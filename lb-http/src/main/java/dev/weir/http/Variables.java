package dev.weir.http;

/**
 * What the variables of templates stand for in one request, as it came: taken before the request is
 * rewritten. Belongs to an exchange that takes a route with templates.
 */
final class Variables {
  private static final byte[] HTTP = Chars.bytes("http");

  private final Exchange exchange;
  private final Head head;
  private final byte[] path;
  private final int pathFrom;
  private final int pathTo;
  private byte[] captureSource;
  private int[] captured;

  /**
   * The variables of a request.
   *
   * @param matched the condition on the path that it met; null for none
   */
  Variables(Exchange exchange, Path matched) {
    this.exchange = exchange;
    head = exchange.request;
    path = head.pathArray();
    pathFrom = head.pathFrom();
    pathTo = head.pathTo();
    captureSource = path;
    captured = matched == null ? new int[0] : matched.capture(path, pathFrom, pathTo);
  }

  private Variables(Variables from, byte[] captureSource, int[] captured) {
    exchange = from.exchange;
    head = from.head;
    path = from.path;
    pathFrom = from.pathFrom;
    pathTo = from.pathTo;
    this.captureSource = captureSource;
    this.captured = captured;
  }

  /** The same with other captured parts. */
  Variables with(byte[] source, int[] places) {
    return new Variables(this, source, places);
  }

  void write(int variable, HeadWriter out) {
    switch (variable) {
      case Template.SCHEME -> out.add(HTTP);
      case Template.HOST -> host(out);
      case Template.PATH -> out.add(path, pathFrom, pathTo);
      case Template.QUERY -> query(out);
      case Template.SOURCE -> out.add(exchange.origin.text());
      case Template.REQUEST_ID -> requestId(out);
      default -> {
        int from = captured[2 * variable];
        if (from >= 0) {
          out.add(captureSource, from, captured[2 * variable + 1]);
        }
      }
    }
  }

  private void host(HeadWriter out) {
    int from = head.hostStart();
    if (from >= 0) {
      out.add(head.bytes, from, Hosts.withoutPort(head.bytes, from, head.hostEnd()));
    }
  }

  /** As the backend gets it: that of a trusted peer, else our own. */
  private void requestId(HeadWriter out) {
    int given = exchange.origin.trusted() ? head.find(Name.X_REQUEST_ID) : -1;
    if (given >= 0) {
      out.add(head.bytes, head.valueStart(given), head.valueEnd(given));
    } else {
      exchange.id().write(out);
    }
  }

  boolean hasQuery() {
    return head.targetEnd > head.pathEnd;
  }

  private void query(HeadWriter out) {
    if (hasQuery()) {
      out.add(head.bytes, head.pathEnd + 1, head.targetEnd);
    }
  }

  /** Host and port as the request names them; nothing when it names none. */
  void authority(HeadWriter out) {
    int from = head.hostStart();
    if (from >= 0) {
      out.add(head.bytes, from, head.hostEnd());
    }
  }

  void path(HeadWriter out) {
    out.add(path, pathFrom, pathTo);
  }

  /** What of the path follows the prefix that matched. */
  int restStart() {
    return captured[0];
  }

  byte[] pathArray() {
    return path;
  }

  int pathFrom() {
    return pathFrom;
  }

  int pathTo() {
    return pathTo;
  }
}
