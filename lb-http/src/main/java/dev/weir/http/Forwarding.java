package dev.weir.http;

import dev.weir.core.config.ForwardingConfig;
import java.util.Locale;

/**
 * What a request tells backends of the hop that we are: X-Forwarded-*, Forwarded (RFC 7239), Via
 * (RFC 9110 section 7.6.3). As configured for a listener; immutable.
 *
 * <p>Nothing of the kind is believed of a peer that is not trusted. What a trusted one says stays,
 * and we are put behind it. Via is nobody's word on the client, so it stays in any case.
 */
final class Forwarding {
  private static final byte[] X_FORWARDED = Chars.bytes("x-forwarded-");
  private static final byte[] X_FORWARDED_FOR = Chars.bytes("X-Forwarded-For: ");
  private static final byte[] X_FORWARDED_PROTO = Chars.bytes("X-Forwarded-Proto: http\r\n");
  private static final byte[] X_FORWARDED_HOST = Chars.bytes("X-Forwarded-Host: ");
  private static final byte[] X_FORWARDED_PORT = Chars.bytes("X-Forwarded-Port: ");
  private static final byte[] FORWARDED = Chars.bytes("Forwarded: ");
  private static final byte[] FOR = Chars.bytes("for=");
  private static final byte[] HOST = Chars.bytes(";host=");
  private static final byte[] PROTO = Chars.bytes(";proto=http\r\n");
  private static final byte[] CRLF = {'\r', '\n'};
  private static final byte[] COMMA = {',', ' '};

  private final boolean xForwarded;
  private final boolean forwarded;
  private final byte[] name;
  private final byte[][] via;

  Forwarding(ForwardingConfig config) {
    xForwarded = config.xForwarded();
    forwarded = config.forwarded();
    String own = config.via();
    name = own == null ? null : Chars.bytes(own.toLowerCase(Locale.ROOT));
    via =
        own == null
            ? null
            : new byte[][] {
              Chars.bytes("Via: 1.0 " + own + "\r\n"), Chars.bytes("Via: 1.1 " + own + "\r\n")
            };
  }

  /** Whether a field is not passed on: what must not be believed, and what we write ourselves. */
  boolean unwanted(Name name, boolean trusted) {
    return switch (name) {
      case X_FORWARDED_FOR -> !trusted || xForwarded;
      case FORWARDED -> !trusted || forwarded;
      default -> !trusted && FieldRules.forwarding(name);
    };
  }

  /** Whether a field without a meaning to us is not passed on. */
  static boolean hidden(Head head, int field, boolean trusted) {
    return head.underscore(field) || (!trusted && startsXForwarded(head, field));
  }

  /** Whatever else a proxy might say of the client: {@code X-Forwarded-Ssl} and the like. */
  static boolean startsXForwarded(Head head, int field) {
    int from = head.nameStart(field);
    int end = from + X_FORWARDED.length;
    return head.nameEnd(field) > end && Chars.equalsLower(head.bytes, from, end, X_FORWARDED);
  }

  /** Whether the request has been here before. */
  boolean loops(Head request) {
    if (name == null) {
      return false;
    }
    for (int i = 0; i < request.count(); i++) {
      if (request.name(i) == Name.VIA && names(request, i)) {
        return true;
      }
    }
    return false;
  }

  /** Whether a Via has an entry {@code [protocol/]version name [comment]} with our name. */
  private boolean names(Head request, int field) {
    byte[] bytes = request.bytes;
    int to = request.valueEnd(field);
    int at = request.valueStart(field);
    while (at < to) {
      int version = pastBlanks(bytes, at, to);
      int by = pastBlanks(bytes, wordEnd(bytes, version, to), to);
      int end = wordEnd(bytes, by, to);
      if (Chars.equalsLower(bytes, by, end, name)) {
        return true;
      }
      at = end;
      while (at < to && bytes[at++] != ',') {
        // on to the next entry
      }
    }
    return false;
  }

  private static int pastBlanks(byte[] bytes, int from, int to) {
    int at = from;
    while (at < to && (bytes[at] == ' ' || bytes[at] == '\t')) {
      at++;
    }
    return at;
  }

  private static int wordEnd(byte[] bytes, int from, int to) {
    int at = from;
    while (at < to && bytes[at] != ' ' && bytes[at] != '\t' && bytes[at] != ',') {
      at++;
    }
    return at;
  }

  /** Writes our hop. */
  void write(Exchange exchange, HeadWriter out) {
    Head head = exchange.request;
    boolean trusted = exchange.origin.trusted();
    if (xForwarded) {
      xForwarded(exchange, head, out, trusted);
    }
    if (forwarded) {
      forwarded(exchange, head, out, trusted);
    }
    if (via != null) {
      out.add(via[head.minor]);
    }
  }

  private static void xForwarded(Exchange exchange, Head head, HeadWriter out, boolean trusted) {
    Downstream client = exchange.client;
    out.add(X_FORWARDED_FOR);
    if (trusted) {
      for (int i = 0; i < head.count(); i++) {
        if (head.name(i) == Name.X_FORWARDED_FOR) {
          out.add(head.bytes, head.valueStart(i), head.valueEnd(i)).add(COMMA);
        }
      }
    }
    out.add(client.peer().text()).add(CRLF);
    if (!trusted || !head.has(Name.X_FORWARDED_PROTO)) {
      out.add(X_FORWARDED_PROTO);
    }
    int port = client.localPort();
    if (port > 0 && (!trusted || !head.has(Name.X_FORWARDED_PORT))) {
      out.add(X_FORWARDED_PORT).addDecimal(port).add(CRLF);
    }
    if (head.hostStart() >= 0 && (!trusted || !head.has(Name.X_FORWARDED_HOST))) {
      out.add(X_FORWARDED_HOST).add(head.bytes, head.hostStart(), head.hostEnd()).add(CRLF);
    }
  }

  private static void forwarded(Exchange exchange, Head head, HeadWriter out, boolean trusted) {
    out.add(FORWARDED);
    if (trusted) {
      for (int i = 0; i < head.count(); i++) {
        // A quote that does not end would take our words into it.
        if (head.name(i) == Name.FORWARDED && quotesEnd(head, i)) {
          out.add(head.bytes, head.valueStart(i), head.valueEnd(i)).add(COMMA);
        }
      }
    }
    byte[] peer = exchange.client.peer().text();
    out.add(FOR);
    if (Chars.text(peer, 0, peer.length).indexOf(':') >= 0) {
      // RFC 7239 section 6: IPv6 in brackets, and for those and the colons in quotes.
      out.add('"').add('[').add(peer).add(']').add('"');
    } else {
      out.add(peer);
    }
    if (head.hostStart() >= 0) {
      out.add(HOST);
      host(head, out);
    }
    out.add(PROTO);
  }

  // No quote and no backslash is in a valid host.
  private static void host(Head head, HeadWriter out) {
    boolean token = true;
    for (int i = head.hostStart(); i < head.hostEnd(); i++) {
      token &= Chars.is(head.bytes[i], Chars.TOKEN);
    }
    if (token) {
      out.add(head.bytes, head.hostStart(), head.hostEnd());
    } else {
      out.add('"').add(head.bytes, head.hostStart(), head.hostEnd()).add('"');
    }
  }

  private static boolean quotesEnd(Head head, int field) {
    boolean quoted = false;
    int end = head.valueEnd(field);
    for (int i = head.valueStart(field); i < end; i++) {
      if (head.bytes[i] == '"') {
        quoted = !quoted;
      } else if (quoted && head.bytes[i] == '\\') {
        i++;
      }
    }
    return !quoted && end > head.valueStart(field);
  }
}
