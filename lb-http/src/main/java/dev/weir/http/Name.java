package dev.weir.http;

/** Header fields that mean something to the proxy. */
enum Name {
  /** Any other field: end to end, passed on as it is. */
  OTHER(""),
  HOST("host"),
  CONNECTION("connection"),
  CONTENT_LENGTH("content-length"),
  TRANSFER_ENCODING("transfer-encoding"),
  KEEP_ALIVE("keep-alive"),
  PROXY_CONNECTION("proxy-connection"),
  PROXY("proxy"),
  TE("te"),
  TRAILER("trailer"),
  UPGRADE("upgrade"),
  EXPECT("expect"),
  DATE("date"),
  MAX_FORWARDS("max-forwards"),
  FORWARDED("forwarded"),
  X_FORWARDED_FOR("x-forwarded-for"),
  X_FORWARDED_PROTO("x-forwarded-proto"),
  X_FORWARDED_HOST("x-forwarded-host"),
  X_FORWARDED_PORT("x-forwarded-port"),
  X_FORWARDED_PREFIX("x-forwarded-prefix"),
  X_REAL_IP("x-real-ip"),
  X_REQUEST_ID("x-request-id"),
  AUTHORIZATION("authorization"),
  REFERER("referer"),
  USER_AGENT("user-agent"),
  WWW_AUTHENTICATE("www-authenticate"),
  WEIR_CAUSE("weir-cause"),
  HTTP2_SETTINGS("http2-settings"),
  VIA("via");

  private static final int TABLE = 256;
  private static final Name[] BY_HASH = new Name[TABLE];
  private static final Name[] ALL = values();

  static {
    for (Name name : ALL) {
      if (name != OTHER) {
        int hash = 0;
        for (byte b : name.lower) {
          hash = step(hash, b);
        }
        int slot = hash & (TABLE - 1);
        while (BY_HASH[slot] != null) {
          slot = (slot + 1) & (TABLE - 1);
        }
        BY_HASH[slot] = name;
      }
    }
  }

  @SuppressWarnings("ImmutableEnumChecker") // written here only
  final byte[] lower;

  Name(String lower) {
    this.lower = Chars.bytes(lower);
  }

  /** One step of the hash that {@link #of} takes, so that a parser can compute it on its way. */
  static int step(int hash, byte b) {
    return hash * 31 + (b | 0x20);
  }

  static Name of(byte[] bytes, int from, int to, int hash) {
    int slot = hash & (TABLE - 1);
    for (Name name = BY_HASH[slot]; name != null; name = BY_HASH[slot]) {
      if (Chars.equalsLower(bytes, from, to, name.lower)) {
        return name;
      }
      slot = (slot + 1) & (TABLE - 1);
    }
    return OTHER;
  }

  /** A small number for this name, for packing; {@link #of(int)} is its inverse. */
  @SuppressWarnings("EnumOrdinal") // lives in memory only, nothing is stored
  int code() {
    return ordinal();
  }

  static Name of(int code) {
    return ALL[code];
  }
}
