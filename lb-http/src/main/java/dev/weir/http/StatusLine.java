package dev.weir.http;

/** {@code version SP status SP [reason] CRLF}, RFC 9112 section 4. */
final class StatusLine {
  private static final byte[] HTTP_1 = Chars.bytes("HTTP/1.");
  private static final int STATUS_END = 12;

  private StatusLine() {}

  /** The place behind the line; -1 when it is incomplete or {@link Head#fault} is set. */
  static int parse(Head head, int from) {
    byte[] bytes = head.bytes;
    int limit = head.length;
    for (int i = 0; i < Math.min(limit - from, HTTP_1.length); i++) {
      if (bytes[from + i] != HTTP_1[i]) {
        return fault(head);
      }
    }
    if (limit - from < STATUS_END + 2) {
      return -1;
    }
    byte minor = bytes[from + 7];
    int status = 0;
    for (int i = from + 9; i < from + STATUS_END; i++) {
      int digit = bytes[i] - '0';
      if (digit < 0 || digit > 9) {
        return fault(head);
      }
      status = status * 10 + digit;
    }
    if (minor < '0' || minor > '9' || bytes[from + 8] != ' ' || status < 100 || status > 599) {
      return fault(head);
    }
    head.minor = minor == '0' ? 0 : 1;
    head.status = status;
    return reason(head, from + STATUS_END);
  }

  private static int reason(Head head, int at) {
    byte[] bytes = head.bytes;
    int i = at;
    if (bytes[i] == ' ') {
      i++;
    } else if (bytes[i] != '\r') {
      return fault(head);
    }
    head.reasonStart = i;
    while (i < head.length && Chars.is(bytes[i], Chars.VALUE)) {
      i++;
    }
    if (i + 1 >= head.length) {
      return i < head.length && bytes[i] != '\r' ? fault(head) : -1;
    }
    if (bytes[i] != '\r' || bytes[i + 1] != '\n') {
      return fault(head);
    }
    head.reasonEnd = i;
    return i + 2;
  }

  private static int fault(Head head) {
    head.fault = Fault.BAD_STATUS_LINE;
    return -1;
  }
}
