package dev.weir.http;

import io.netty.buffer.ByteBuf;

/**
 * Reads the head of an HTTP/1.1 message, validating every byte once (RFC 9112). Lines end in CRLF
 * only. Bytes may come in any pieces; a line is looked at again only when it has become complete,
 * so that slow senders cost no more than fast ones. Immutable: all state is in the {@link Head}.
 */
final class HeadParser {
  private static final int SCOOP = 2048;

  private final boolean request;
  private final int maxLine;
  private final int maxBytes;
  private final int maxFields;

  private HeadParser(boolean request, int maxLine, int maxBytes, int maxFields) {
    this.request = request;
    this.maxLine = maxLine;
    this.maxBytes = maxBytes;
    this.maxFields = maxFields;
  }

  static HeadParser requests(int maxLine, int maxBytes, int maxFields) {
    return new HeadParser(true, maxLine, maxBytes, maxFields);
  }

  static HeadParser responses(int maxBytes, int maxFields) {
    return new HeadParser(false, maxBytes, maxBytes, maxFields);
  }

  /**
   * Takes bytes from the buffer until the head is complete, the buffer is empty or something is
   * wrong. Bytes behind the head stay in the buffer.
   *
   * @return whether the head is complete or {@link Head#fault} says what is wrong
   */
  boolean read(Head head, ByteBuf in) {
    while (in.isReadable()) {
      // Never more than shows that something is too large: what comes behind that does not count.
      int most = maxBytes + 1;
      if (!head.startLineDone) {
        most = Math.min(most, head.position + maxLine + 2);
      }
      int scoop = Math.min(in.readableBytes(), Math.min(SCOOP, most - head.length));
      head.ensure(scoop);
      in.readBytes(head.bytes, head.length, scoop);
      head.length += scoop;
      boolean done = parse(head);
      if (done && head.fault == null && head.end > maxBytes) {
        head.fault = Fault.HEAD_TOO_LARGE;
      }
      if (done && head.fault == null) {
        in.readerIndex(in.readerIndex() - (head.length - head.end));
        head.length = head.end;
        FieldRules.finish(head, request);
        return true;
      }
      if (done || head.fault != null) {
        return true;
      }
      if (head.length > maxBytes) {
        head.fault = head.startLineDone || !request ? Fault.HEAD_TOO_LARGE : Fault.LINE_TOO_LONG;
        return true;
      }
    }
    return false;
  }

  private boolean parse(Head head) {
    if (head.scanned > head.position && !lineComplete(head)) {
      return tooLong(head);
    }
    if (!head.startLineDone && !startLine(head)) {
      return head.fault != null || tooLong(head);
    }
    while (true) {
      int result = fieldLine(head);
      if (result == MORE) {
        head.scanned = head.length;
        return false;
      }
      if (result == END || result == BAD) {
        return true;
      }
      if (head.count() > maxFields) {
        head.fault = Fault.TOO_MANY_FIELDS;
        return true;
      }
    }
  }

  private static boolean lineComplete(Head head) {
    byte[] bytes = head.bytes;
    for (int i = head.scanned; i < head.length; i++) {
      if (bytes[i] == '\n') {
        return true;
      }
    }
    head.scanned = head.length;
    return false;
  }

  private boolean tooLong(Head head) {
    // A line that is just short enough may have come without its LF.
    if (!head.startLineDone && head.length - head.position > maxLine + 1) {
      head.fault = request ? Fault.LINE_TOO_LONG : Fault.BAD_STATUS_LINE;
      return true;
    }
    return false;
  }

  private boolean startLine(Head head) {
    int at = head.position;
    if (request && at == 0 && head.length > 0 && head.bytes[0] == '\r') {
      // RFC 9112 section 2.2: one empty line before the request line is ignored.
      if (head.length < 2) {
        return false;
      }
      if (head.bytes[1] != '\n') {
        head.fault = Fault.BAD_REQUEST_LINE;
        return false;
      }
      head.position = 2;
      at = 2;
    }
    int next = request ? RequestLine.parse(head, at) : StatusLine.parse(head, at);
    if (next < 0) {
      head.scanned = head.length;
      return false;
    }
    if (next - at > maxLine + 2) {
      head.fault = request ? Fault.LINE_TOO_LONG : Fault.BAD_STATUS_LINE;
      return false;
    }
    head.startLineDone = true;
    head.position = next;
    return true;
  }

  private static final int MORE = 0;
  private static final int FIELD = 1;
  private static final int END = 2;
  private static final int BAD = 3;

  private static int bad(Head head, Fault fault) {
    head.fault = fault;
    return BAD;
  }

  private static int fieldLine(Head head) {
    byte[] bytes = head.bytes;
    int limit = head.length;
    int start = head.position;
    if (start >= limit) {
      return MORE;
    }
    byte first = bytes[start];
    if (first == '\r') {
      if (start + 1 >= limit) {
        return MORE;
      }
      if (bytes[start + 1] != '\n') {
        return bad(head, Fault.BAD_LINE_END);
      }
      head.end = start + 2;
      return END;
    }
    if (first == ' ' || first == '\t') {
      return bad(head, Fault.FOLDED_FIELD);
    }
    int i = start;
    int hash = 0;
    int flags = Head.CANONICAL;
    byte b = first;
    while (Chars.is(b, Chars.TOKEN)) {
      hash = Name.step(hash, b);
      if (b == '_') {
        flags |= Head.UNDERSCORE;
      }
      if (++i >= limit) {
        return MORE;
      }
      b = bytes[i];
    }
    if (b != ':' || i == start) {
      return bad(head, b == '\n' ? Fault.BAD_LINE_END : Fault.BAD_FIELD_NAME);
    }
    return value(head, start, i, hash, flags);
  }

  private static int value(Head head, int start, int nameEnd, int hash, int flag) {
    byte[] bytes = head.bytes;
    int limit = head.length;
    int flags = flag;
    int i = nameEnd + 1;
    while (i < limit && (bytes[i] == ' ' || bytes[i] == '\t')) {
      i++;
    }
    if (i != nameEnd + 2 || bytes[nameEnd + 1] != ' ') {
      flags &= ~Head.CANONICAL;
    }
    int valueStart = i;
    while (i < limit && Chars.is(bytes[i], Chars.VALUE)) {
      i++;
    }
    if (i + 1 >= limit) {
      return i < limit && bytes[i] != '\r' ? badValue(head, bytes[i]) : MORE;
    }
    if (bytes[i] != '\r' || bytes[i + 1] != '\n') {
      return badValue(head, bytes[i]);
    }
    int valueEnd = i;
    while (valueEnd > valueStart && (bytes[valueEnd - 1] == ' ' || bytes[valueEnd - 1] == '\t')) {
      valueEnd--;
      flags &= ~Head.CANONICAL;
    }
    Name name = Name.of(bytes, start, nameEnd, hash);
    head.add(start, nameEnd, valueStart, valueEnd, flags | name.code());
    head.position = i + 2;
    if (name != Name.OTHER) {
      FieldRules.seen(head, name, head.count() - 1);
      return head.fault != null ? BAD : FIELD;
    }
    return FIELD;
  }

  private static int badValue(Head head, byte b) {
    return bad(head, b == '\r' || b == '\n' ? Fault.BAD_LINE_END : Fault.BAD_FIELD_VALUE);
  }
}
