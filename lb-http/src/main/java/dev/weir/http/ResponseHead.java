package dev.weir.http;

/** The response head as the client gets it. */
final class ResponseHead {
  static final byte[] CONTINUE = Chars.bytes("HTTP/1.1 100 Continue\r\n\r\n");
  private static final byte[] VERSION = Chars.bytes("HTTP/1.1 ");
  private static final byte[] OK = Chars.bytes("HTTP/1.1 200 OK\r\n");
  private static final byte[] CHUNKED = Chars.bytes("Transfer-Encoding: chunked\r\n");
  private static final byte[] UPGRADE = Chars.bytes("Connection: Upgrade\r\nUpgrade: ");
  static final byte[] CLOSE = Chars.bytes("Connection: close\r\n");
  static final byte[] KEEP_ALIVE = Chars.bytes("Connection: keep-alive\r\n");
  private static final byte[] CRLF = {'\r', '\n'};

  private ResponseHead() {}

  /** Whether its connection may serve others afterwards, as far as the two heads tell. */
  static boolean keeps(Head head, Head request) {
    return head.persistent() && !head.credentialBound && !request.credentialBound;
  }

  /**
   * Whether it has no body, and says that it has one (RFC 9112 section 6.1, RFC 9110 section 8.6).
   * What follows may be one all the same, so nothing else may be read from that connection.
   */
  static boolean contradicts(Head head) {
    return (head.status < 200 || head.status == 204) && (head.chunked || head.contentLength > 0);
  }

  /** A final response. */
  static void write(Exchange exchange, Head head, boolean bodyless, HeadWriter out) {
    out.clear();
    line(head, out);
    if (bodyless && head.status == 204) {
      dropLength(head);
    }
    TakenRoute taken = exchange.taken();
    FieldEdits edits = taken == null ? null : taken.responseEdits();
    if (edits != null) {
      edits.drop(head);
    }
    out.addFields(head);
    if (edits != null) {
      edits.write(taken.variables, out);
    }
    if (!head.hasDate) {
      out.add(exchange.loop.dateLine(exchange.loop.context.now()));
    }
    if (exchange.responseChunked) {
      out.add(CHUNKED);
    }
    connection(exchange, out);
    out.add(CRLF);
  }

  /** {@code Connection}, where it differs from what the client's version implies. */
  static void connection(Exchange exchange, HeadWriter out) {
    if (!exchange.keepsClient()) {
      out.add(CLOSE);
    } else if (exchange.request.minor == 0) {
      out.add(KEEP_ALIVE);
    }
  }

  /** RFC 9110 section 8.6: no Content-Length in 1xx and 204. */
  private static void dropLength(Head head) {
    for (int i = 0; i < head.count(); i++) {
      if (head.name(i) == Name.CONTENT_LENGTH) {
        head.drop(i);
      }
    }
  }

  private static void line(Head head, HeadWriter out) {
    if (head.status == 200 && head.reasonEnd - head.reasonStart == 2) {
      out.add(OK);
      return;
    }
    out.add(VERSION).addDecimal(head.status).add(' ');
    out.add(head.bytes, head.reasonStart, head.reasonEnd).add(CRLF);
  }

  /** A 1xx response other than 101. */
  static void writeInterim(Head head, HeadWriter out) {
    out.clear();
    line(head, out);
    dropLength(head);
    out.addFields(head).add(CRLF);
  }

  /** 101: from here on both sides speak another protocol. */
  static void writeUpgrade(Head head, HeadWriter out) {
    out.clear();
    line(head, out);
    dropLength(head);
    out.addFields(head);
    if (head.upgrade >= 0) {
      out.add(UPGRADE);
      out.add(head.bytes, head.valueStart(head.upgrade), head.valueEnd(head.upgrade)).add(CRLF);
    }
    out.add(CRLF);
  }
}
