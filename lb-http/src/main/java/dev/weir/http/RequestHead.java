package dev.weir.http;

/** The request head as the backend gets it. */
final class RequestHead {
  private static final byte[] VERSION = Chars.bytes(" HTTP/1.1\r\n");
  private static final byte[] HOST = Chars.bytes("Host: ");
  private static final byte[] CHUNKED = Chars.bytes("Transfer-Encoding: chunked\r\n");
  private static final byte[] UPGRADE = Chars.bytes("Connection: Upgrade\r\nUpgrade: ");
  private static final byte[] TE_TRAILERS = Chars.bytes("Connection: TE\r\nTE: trailers\r\n");
  private static final byte[] MAX_FORWARDS = Chars.bytes("Max-Forwards: ");
  private static final byte[] REQUEST_ID = Chars.bytes("X-Request-Id: ");
  private static final byte[] CRLF = {'\r', '\n'};

  private RequestHead() {}

  static void write(Exchange exchange, HeadWriter out) {
    Head head = exchange.request;
    Forwarding hop = exchange.handler.forwarding();
    boolean trusted = exchange.origin.trusted();
    out.clear();
    line(head, out);
    for (int i = 0; i < head.count(); i++) {
      if (!head.dropped(i) && unwanted(hop, head, i, trusted)) {
        head.drop(i);
      }
    }
    TakenRoute taken = exchange.taken();
    FieldEdits edits = taken == null ? null : taken.requestEdits();
    if (edits != null) {
      edits.drop(head);
    }
    if (head.rewrittenHost != null) {
      out.add(HOST).add(head.rewrittenHost).add(CRLF);
    } else if (head.authorityStart >= 0) {
      out.add(HOST).add(head.bytes, head.authorityStart, head.authorityEnd).add(CRLF);
    } else if (head.host < 0) {
      // HTTP/1.0 need not say; what an HTTP/1.1 client of this address would have said.
      out.add(HOST).add(exchange.client.localAuthority()).add(CRLF);
    }
    out.addFields(head);
    if (edits != null) {
      edits.write(taken.variables, out);
    }
    if (head.maxForwards > 0) {
      out.add(MAX_FORWARDS).addDecimal(head.maxForwards - 1L).add(CRLF);
    }
    hop.write(exchange, out);
    requestId(exchange, head, out);
    if (head.chunked) {
      out.add(CHUNKED);
    }
    if (head.teTrailers && !exchange.upgrading) {
      out.add(TE_TRAILERS);
    }
    if (exchange.upgrading) {
      out.add(UPGRADE).add(head.bytes, head.valueStart(head.upgrade), head.valueEnd(head.upgrade));
      out.add(CRLF);
    }
    out.add(CRLF);
  }

  private static void line(Head head, HeadWriter out) {
    out.add(head.bytes, head.methodStart, head.methodEnd).add(' ');
    if (head.normalPath != null) {
      out.add(head.normalPath);
    } else if (head.pathEnd == head.pathStart) {
      out.add('/');
    } else {
      out.add(head.bytes, head.pathStart, head.pathEnd);
    }
    out.add(head.bytes, head.pathEnd, head.targetEnd).add(VERSION);
  }

  /** Semantics 12, 14 and 26: what must not be believed, and what we write ourselves. */
  private static boolean unwanted(Forwarding hop, Head head, int field, boolean trusted) {
    Name name = head.name(field);
    return switch (name) {
      case OTHER -> Forwarding.hidden(head, field, trusted);
      case HOST -> head.authorityStart >= 0 || head.rewrittenHost != null;
      case EXPECT -> head.minor == 0;
      default -> hop.unwanted(name, trusted);
    };
  }

  private static void requestId(Exchange exchange, Head head, HeadWriter out) {
    if (!head.has(Name.X_REQUEST_ID)) {
      out.add(REQUEST_ID);
      exchange.id().write(out);
      out.add(CRLF);
    }
  }
}
