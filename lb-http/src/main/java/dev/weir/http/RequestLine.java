package dev.weir.http;

/** {@code method SP target SP version CRLF}, RFC 9112 section 3. */
final class RequestLine {
  private static final byte[] HTTP_1 = Chars.bytes("HTTP/1.");
  private static final byte[] HTTP = Chars.bytes("HTTP/");
  private static final int VERSION_LENGTH = 8;
  private static final byte[] SCHEME = Chars.bytes("http://");
  private static final byte[] SECURE_SCHEME = Chars.bytes("https://");

  private static final byte[] ASTERISK = {'*'};

  private RequestLine() {}

  /** The place behind the line; -1 when it is incomplete or {@link Head#fault} is set. */
  static int parse(Head head, int from) {
    byte[] bytes = head.bytes;
    int limit = head.length;
    int i = from;
    while (i < limit && Chars.is(bytes[i], Chars.TOKEN)) {
      i++;
    }
    if (i >= limit) {
      return -1;
    }
    if (bytes[i] != ' ' || i == from) {
      return fault(head, Fault.BAD_REQUEST_LINE);
    }
    head.methodStart = from;
    head.methodEnd = i;
    int target = ++i;
    while (i < limit && Chars.is(bytes[i], Chars.TARGET)) {
      i++;
    }
    if (i >= limit) {
      return -1;
    }
    if (bytes[i] != ' ' || i == target) {
      return fault(head, bytes[i] == '\r' ? Fault.BAD_REQUEST_LINE : Fault.BAD_TARGET);
    }
    head.targetStart = target;
    head.targetEnd = i;
    return version(head, i + 1);
  }

  private static int version(Head head, int at) {
    byte[] bytes = head.bytes;
    int available = Math.min(head.length - at, VERSION_LENGTH);
    for (int i = 0; i < Math.min(available, HTTP.length); i++) {
      if (bytes[at + i] != HTTP[i]) {
        return fault(head, Fault.BAD_REQUEST_LINE);
      }
    }
    if (head.length < at + VERSION_LENGTH + 2) {
      return -1;
    }
    int end = at + VERSION_LENGTH;
    if (bytes[end - 3] < '0'
        || bytes[end - 3] > '9'
        || bytes[end - 2] != '.'
        || bytes[end - 1] < '0'
        || bytes[end - 1] > '9'
        || bytes[end] != '\r') {
      return fault(head, bytes[end] == '\n' ? Fault.BAD_LINE_END : Fault.BAD_REQUEST_LINE);
    }
    if (bytes[end + 1] != '\n') {
      return fault(head, Fault.BAD_LINE_END);
    }
    if (!Chars.equalsExact(bytes, at, at + HTTP_1.length, HTTP_1)) {
      return fault(head, Fault.BAD_VERSION);
    }
    head.minor = bytes[end - 1] == '0' ? 0 : 1;
    head.method = Method.of(bytes, head.methodStart, head.methodEnd);
    return target(head) ? end + 2 : -1;
  }

  /** RFC 9112 section 3.2: which form the target has, and its parts. */
  private static boolean target(Head head) {
    byte[] bytes = head.bytes;
    int start = head.targetStart;
    int end = head.targetEnd;
    int path = start;
    if (head.method == Method.CONNECT || head.method == Method.TRACE) {
      head.fault = Fault.METHOD_NOT_ALLOWED;
      return false;
    }
    if (bytes[start] == '*' && end == start + 1) {
      head.asterisk = true;
      head.pathStart = start;
      head.pathEnd = end;
      if (head.method != Method.OPTIONS) {
        head.fault = Fault.BAD_TARGET;
      }
      return head.fault == null;
    }
    if (bytes[start] != '/') {
      path = authority(head, start, end);
      if (path < 0) {
        head.fault = Fault.BAD_TARGET;
        return false;
      }
    }
    if (path == end && head.method == Method.OPTIONS) {
      // Section 3.2.4: no path in the absolute form means the server as a whole.
      head.normalPath = ASTERISK;
      head.asterisk = true;
    }
    int query = path;
    boolean plain = true;
    for (; query < end && bytes[query] != '?'; query++) {
      plain &= bytes[query] != '%' && (bytes[query] != '.' || bytes[query - 1] != '/');
    }
    head.pathStart = path;
    head.pathEnd = query;
    return plain || PathRules.normalise(head);
  }

  private static int authority(Head head, int start, int end) {
    byte[] bytes = head.bytes;
    int at = -1;
    for (byte[] scheme : new byte[][] {SCHEME, SECURE_SCHEME}) {
      if (end - start >= scheme.length
          && Chars.equalsLower(bytes, start, start + scheme.length, scheme)) {
        at = start + scheme.length;
      }
    }
    if (at < 0) {
      return -1;
    }
    int stop = at;
    while (stop < end && bytes[stop] != '/' && bytes[stop] != '?') {
      stop++;
    }
    if (!FieldRules.validHost(bytes, at, stop)) {
      return -1;
    }
    head.authorityStart = at;
    head.authorityEnd = stop;
    return stop;
  }

  private static int fault(Head head, Fault fault) {
    head.fault = fault;
    return -1;
  }
}
