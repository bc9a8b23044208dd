package dev.weir.http;

import java.util.Locale;

/** Which header fields a configuration may edit. */
final class FieldNames {
  private static final int LONGEST = 128;

  private FieldNames() {}

  /** A sentence that says why a field may not be edited; null when it may. */
  static String wrong(String name, boolean request) {
    if (!isToken(name)) {
      return "'" + shown(name) + "' is not the name of a header";
    }
    byte[] lower = Chars.bytes(name.toLowerCase(Locale.ROOT));
    int hash = 0;
    for (byte b : lower) {
      hash = Name.step(hash, b);
    }
    return switch (Name.of(lower, 0, lower.length, hash)) {
      case HOST -> "the Host header is changed with 'rewrite: { host: ... }'";
      case CONNECTION,
          CONTENT_LENGTH,
          TRANSFER_ENCODING,
          KEEP_ALIVE,
          PROXY_CONNECTION,
          TE,
          TRAILER,
          UPGRADE,
          EXPECT,
          MAX_FORWARDS,
          HTTP2_SETTINGS,
          WEIR_CAUSE ->
          alone(name);
      case PROXY, FORWARDED, X_FORWARDED_FOR, X_FORWARDED_PROTO, X_FORWARDED_HOST ->
          request ? alone(name) : null;
      case X_FORWARDED_PORT, X_REQUEST_ID -> request ? alone(name) : null;
      case DATE -> request ? null : alone(name);
      default -> null;
    };
  }

  private static String alone(String name) {
    return "the header '" + name + "' is written by the proxy alone";
  }

  static boolean isToken(String name) {
    if (name.isEmpty() || name.length() > LONGEST) {
      return false;
    }
    for (byte b : Chars.bytes(name)) {
      if (!Chars.is(b, Chars.TOKEN)) {
        return false;
      }
    }
    return name.chars().allMatch(c -> c < 0x80);
  }

  /** Harmless and short. */
  static String shown(String text) {
    String plain = text.replaceAll("[^ -~]", "?");
    return plain.length() > 80 ? plain.substring(0, 80) + "..." : plain;
  }
}
