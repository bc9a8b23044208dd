package dev.weir.http;

/** Request methods that the proxy treats specially; RFC 9110 section 9. */
enum Method {
  GET(true),
  HEAD(true),
  PUT(true),
  DELETE(true),
  OPTIONS(true),
  TRACE(true),
  POST(false),
  PATCH(false),
  CONNECT(false),
  OTHER(false);

  private static final Method[] ALL = values();

  @SuppressWarnings("ImmutableEnumChecker") // written here only
  private final byte[] text = Chars.bytes(name());

  /** RFC 9110 section 9.2.2: sending it twice means the same as sending it once. */
  final boolean idempotent;

  Method(boolean idempotent) {
    this.idempotent = idempotent;
  }

  /** Methods are case-sensitive (RFC 9110 section 9.1). */
  static Method of(byte[] bytes, int from, int to) {
    int length = to - from;
    if (length == 3 && bytes[from] == 'G') {
      return Chars.equalsExact(bytes, from, to, GET.text) ? GET : OTHER;
    }
    for (Method method : ALL) {
      if (method != OTHER && Chars.equalsExact(bytes, from, to, method.text)) {
        return method;
      }
    }
    return OTHER;
  }
}
