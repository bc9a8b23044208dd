package dev.weir.http;

import io.netty.util.NetUtil;
import java.util.Arrays;

/**
 * What the fields of a head must and must not say (RFC 9110, RFC 9112), and the facts they give.
 */
final class FieldRules {
  private static final byte[] CHUNKED = Chars.bytes("chunked");
  private static final byte[] CLOSE = Chars.bytes("close");
  private static final byte[] KEEP_ALIVE = Chars.bytes("keep-alive");
  private static final byte[] UPGRADE = Chars.bytes("upgrade");
  private static final byte[] TE = Chars.bytes("te");
  private static final byte[] TRAILERS = Chars.bytes("trailers");
  private static final byte[] CONTINUE = Chars.bytes("100-continue");
  private static final byte[] NTLM = Chars.bytes("ntlm");
  private static final byte[] NEGOTIATE = Chars.bytes("negotiate");
  private static final byte[] H2C = Chars.bytes("h2c");
  private static final int MAX_LENGTH_DIGITS = 18;
  private static final int MAX_PORT_DIGITS = 5;
  private static final int MAX_PORT = 65_535;
  private static final int MAX_FORWARDS_DIGITS = 5;

  private FieldRules() {}

  /** A field with a meaning was read. */
  static void seen(Head head, Name name, int field) {
    if (head.trailers) {
      // RFC 9110 section 6.5.1: framing, routing and authentication have no place in trailers.
      head.drop(field);
      return;
    }
    switch (name) {
      case HOST -> host(head, field);
      case CONTENT_LENGTH -> contentLength(head, field);
      case TRANSFER_ENCODING -> {
        transferEncoding(head, field);
        head.drop(field);
      }
      case CONNECTION -> {
        connection(head, field);
        head.drop(field);
      }
      case TE -> {
        head.teTrailers |= listHas(head, field, TRAILERS);
        head.drop(field);
      }
      case UPGRADE -> {
        head.upgrade = field;
        head.drop(field);
      }
      // The last is ours: a backend, or a client, that writes it would speak for the proxy.
      case KEEP_ALIVE, PROXY_CONNECTION, PROXY, HTTP2_SETTINGS, WEIR_CAUSE -> head.drop(field);
      case EXPECT -> {
        boolean known =
            Chars.equalsLower(head.bytes, head.valueStart(field), head.valueEnd(field), CONTINUE);
        head.expectContinue |= known;
        head.unknownExpectation |= !known;
      }
      case DATE -> head.hasDate = true;
      case MAX_FORWARDS -> maxForwards(head, field);
      case AUTHORIZATION, WWW_AUTHENTICATE ->
          head.credentialBound |= names(head, field, NTLM) || names(head, field, NEGOTIATE);
      default -> {}
    }
  }

  /** The head is complete: rules that need all of it. */
  static void finish(Head head, boolean request) {
    if (head.trailers) {
      if (request) {
        dropUnderscores(head);
      }
      return;
    }
    if (head.transferEncodings > 0) {
      if (head.minor == 0) {
        head.fault = Fault.CHUNKED_IN_HTTP_1_0;
      } else if (head.contentLength != Head.NO_LENGTH) {
        head.fault = Fault.LENGTH_AND_CHUNKED;
      } else if (!head.chunked) {
        head.fault = Fault.BAD_TRANSFER_ENCODING;
      } else if (head.unknownCoding) {
        head.fault = Fault.UNKNOWN_CODING;
      }
    }
    if (request && head.fault == null) {
      if (head.minor == 1 && head.host < 0) {
        head.fault = Fault.MISSING_HOST;
      } else if (head.unknownExpectation && head.minor == 1) {
        head.fault = Fault.BAD_EXPECTATION;
      }
    }
    if (head.connectionNamesFields && head.fault == null) {
      dropNamed(head);
    }
  }

  /** Names with underscores are taken for others by many a backend, in trailers too. */
  private static void dropUnderscores(Head trailers) {
    for (int i = 0; i < trailers.count(); i++) {
      if (trailers.underscore(i)) {
        trailers.drop(i);
      }
    }
  }

  /** Whether the client asks to switch to a protocol that we pass on (RFC 9110 section 7.8). */
  static boolean wantsUpgrade(Head head) {
    return head.upgrade >= 0
        && head.connectionUpgrade
        && head.minor == 1
        && !head.chunked
        && head.contentLength <= 0
        && !listHas(head, head.upgrade, H2C);
  }

  /**
   * Whether a 101 response switches to protocols that the request has asked for, and to no other.
   */
  static boolean offered(Head request, Head response) {
    if (response.upgrade < 0) {
      return false;
    }
    int at = response.valueStart(response.upgrade);
    int to = response.valueEnd(response.upgrade);
    if (at == to) {
      return false;
    }
    while (at < to) {
      int stop = tokenEnd(response, at, to);
      byte[] chosen = Arrays.copyOfRange(response.bytes, at, trimmed(response, at, stop));
      for (int i = 0; i < chosen.length; i++) {
        chosen[i] = Chars.lower(chosen[i]);
      }
      if (!listHas(request, request.upgrade, chosen)) {
        return false;
      }
      at = skip(response, stop, to);
    }
    return true;
  }

  private static void host(Head head, int field) {
    if (head.host >= 0) {
      head.fault = Fault.REPEATED_HOST;
    } else if (!validHost(head.bytes, head.valueStart(field), head.valueEnd(field))) {
      head.fault = Fault.BAD_HOST;
    }
    head.host = field;
  }

  /** RFC 3986 section 3.2.2 and 3.2.3: {@code host [":" port]}; no user information, not empty. */
  static boolean validHost(byte[] bytes, int from, int to) {
    int end = from < to && bytes[from] == '[' ? literalEnd(bytes, from, to) : from;
    if (end == from) {
      end = nameEnd(bytes, from, to);
    }
    return end > from && (end == to || validPort(bytes, end, to));
  }

  /** Behind {@code [IPv6 address]}; -1 when it is none. */
  private static int literalEnd(byte[] bytes, int from, int to) {
    int i = from + 1;
    while (i < to && (Chars.hex(bytes[i]) >= 0 || bytes[i] == ':' || bytes[i] == '.')) {
      i++;
    }
    boolean closed = i < to && bytes[i] == ']';
    return closed && NetUtil.isValidIpV6Address(Chars.text(bytes, from + 1, i)) ? i + 1 : -1;
  }

  /** Behind the name or IPv4 address; -1 when a percent sign does not begin an octet. */
  private static int nameEnd(byte[] bytes, int from, int to) {
    int i = from;
    for (; i < to && Chars.is(bytes[i], Chars.HOST); i++) {
      if (bytes[i] == '%') {
        if (i + 2 >= to || Chars.hex(bytes[i + 1]) < 0 || Chars.hex(bytes[i + 2]) < 0) {
          return -1;
        }
        i += 2;
      }
    }
    return i;
  }

  private static boolean validPort(byte[] bytes, int colon, int to) {
    if (bytes[colon] != ':' || to - colon > MAX_PORT_DIGITS + 1) {
      return false;
    }
    int port = 0;
    for (int i = colon + 1; i < to; i++) {
      if (bytes[i] < '0' || bytes[i] > '9') {
        return false;
      }
      port = port * 10 + bytes[i] - '0';
    }
    return port <= MAX_PORT;
  }

  private static void contentLength(Head head, int field) {
    byte[] bytes = head.bytes;
    int from = head.valueStart(field);
    int to = head.valueEnd(field);
    if (from == to || to - from > MAX_LENGTH_DIGITS) {
      head.fault = Fault.BAD_CONTENT_LENGTH;
      return;
    }
    long value = 0;
    for (int i = from; i < to; i++) {
      if (bytes[i] < '0' || bytes[i] > '9') {
        head.fault = Fault.BAD_CONTENT_LENGTH;
        return;
      }
      value = value * 10 + (bytes[i] - '0');
    }
    if (head.contentLength != Head.NO_LENGTH) {
      if (head.contentLength != value) {
        head.fault = Fault.REPEATED_CONTENT_LENGTH;
      }
      head.drop(field);
    }
    head.contentLength = value;
  }

  /**
   * RFC 9110 section 7.6.2: counts down for OPTIONS, and TRACE which we do not serve; what is not a
   * number, or a large one, is passed on as it is.
   */
  private static void maxForwards(Head head, int field) {
    int from = head.valueStart(field);
    int to = head.valueEnd(field);
    if (head.method != Method.OPTIONS || from == to || to - from > MAX_FORWARDS_DIGITS) {
      return;
    }
    int value = 0;
    for (int i = from; i < to; i++) {
      if (head.bytes[i] < '0' || head.bytes[i] > '9') {
        return;
      }
      value = value * 10 + head.bytes[i] - '0';
    }
    head.maxForwards = head.maxForwards < 0 ? value : Math.min(head.maxForwards, value);
    head.drop(field);
  }

  private static void transferEncoding(Head head, int field) {
    head.transferEncodings++;
    int at = head.valueStart(field);
    int to = head.valueEnd(field);
    if (at == to) {
      head.unknownCoding = true;
    }
    while (at < to) {
      int stop = tokenEnd(head, at, to);
      int end = trimmed(head, at, stop);
      if (Chars.equalsLower(head.bytes, at, end, CHUNKED)) {
        if (head.chunked) {
          head.fault = Fault.BAD_TRANSFER_ENCODING;
        }
        head.chunked = true;
      } else {
        // After chunked nothing may come; before it only codings that we would have to know.
        head.unknownCoding = true;
        head.chunked = false;
      }
      at = skip(head, stop, to);
    }
  }

  private static void connection(Head head, int field) {
    int at = head.valueStart(field);
    int to = head.valueEnd(field);
    while (at < to) {
      int stop = tokenEnd(head, at, to);
      int end = trimmed(head, at, stop);
      for (int i = at; i < end; i++) {
        if (!Chars.is(head.bytes[i], Chars.TOKEN)) {
          head.fault = Fault.BAD_CONNECTION;
          return;
        }
      }
      if (Chars.equalsLower(head.bytes, at, end, CLOSE)) {
        head.connectionClose = true;
      } else if (Chars.equalsLower(head.bytes, at, end, KEEP_ALIVE)) {
        head.connectionKeepAlive = true;
      } else if (Chars.equalsLower(head.bytes, at, end, UPGRADE)) {
        head.connectionUpgrade = true;
      } else if (end > at && !Chars.equalsLower(head.bytes, at, end, TE)) {
        head.connectionNamesFields = true;
      }
      at = skip(head, stop, to);
    }
  }

  /**
   * RFC 9110 section 7.6.1: fields that Connection names go no further; except those that the
   * backend relies on, which a client may not take away like this.
   */
  private static void dropNamed(Head head) {
    for (int i = 0; i < head.count(); i++) {
      if (head.name(i) == Name.CONNECTION) {
        int at = head.valueStart(i);
        int to = head.valueEnd(i);
        while (at < to) {
          int stop = tokenEnd(head, at, to);
          dropField(head, at, trimmed(head, at, stop));
          at = skip(head, stop, to);
        }
      }
    }
  }

  private static void dropField(Head head, int from, int to) {
    for (int i = 0; i < head.count(); i++) {
      if (sameName(head, i, from, to)
          && !guarded(head.name(i))
          && !Forwarding.startsXForwarded(head, i)) {
        head.drop(i);
      }
    }
  }

  private static boolean sameName(Head head, int field, int from, int to) {
    int start = head.nameStart(field);
    if (head.nameEnd(field) - start != to - from) {
      return false;
    }
    for (int i = 0; i < to - from; i++) {
      if (Chars.lower(head.bytes[start + i]) != Chars.lower(head.bytes[from + i])) {
        return false;
      }
    }
    return true;
  }

  private static boolean guarded(Name name) {
    return switch (name) {
      case HOST, CONTENT_LENGTH, AUTHORIZATION, EXPECT, DATE, VIA -> true;
      default -> forwarding(name);
    };
  }

  /** Fields by which proxies tell who the client is; believed from trusted peers only. */
  static boolean forwarding(Name name) {
    return switch (name) {
      case FORWARDED,
          X_FORWARDED_FOR,
          X_FORWARDED_PROTO,
          X_FORWARDED_HOST,
          X_FORWARDED_PORT,
          X_FORWARDED_PREFIX,
          X_REAL_IP,
          X_REQUEST_ID ->
          true;
      default -> false;
    };
  }

  private static boolean listHas(Head head, int field, byte[] word) {
    int at = head.valueStart(field);
    int to = head.valueEnd(field);
    while (at < to) {
      int stop = tokenEnd(head, at, to);
      if (Chars.equalsLower(head.bytes, at, trimmed(head, at, stop), word)) {
        return true;
      }
      at = skip(head, stop, to);
    }
    return false;
  }

  /** Whether an element of the list begins with this word; a comma in quotes divides too. */
  private static boolean names(Head head, int field, byte[] word) {
    int at = head.valueStart(field);
    int to = head.valueEnd(field);
    while (at < to) {
      if (to - at >= word.length && Chars.equalsLower(head.bytes, at, at + word.length, word)) {
        return true;
      }
      at = skip(head, tokenEnd(head, at, to), to);
    }
    return false;
  }

  private static int tokenEnd(Head head, int at, int to) {
    int i = at;
    while (i < to && head.bytes[i] != ',') {
      i++;
    }
    return i;
  }

  private static int trimmed(Head head, int from, int to) {
    int end = to;
    while (end > from && (head.bytes[end - 1] == ' ' || head.bytes[end - 1] == '\t')) {
      end--;
    }
    return end;
  }

  private static int skip(Head head, int comma, int to) {
    int i = comma + 1;
    while (i < to && (head.bytes[i] == ' ' || head.bytes[i] == '\t')) {
      i++;
    }
    return Math.min(i, to);
  }
}
