package dev.weir.http;

import java.nio.charset.StandardCharsets;

/** Character classes of HTTP/1.1 as lookup tables, and small functions over ASCII bytes. */
final class Chars {
  /** RFC 9110 section 5.6.2: what field names and methods are made of. */
  static final byte TOKEN = 1;

  /** RFC 9110 section 5.5: VCHAR, obs-text, SP and HTAB, what field values are made of. */
  static final byte VALUE = 2;

  /** Printable ASCII without space, backslash and number sign: what we take in a target. */
  static final byte TARGET = 4;

  /** RFC 3986 section 3.2.2: what a host may be made of, without brackets and colon. */
  static final byte HOST = 8;

  /** RFC 3986 section 2.3: never needs percent-encoding. */
  static final byte UNRESERVED = 16;

  private static final byte[] CLASSES = new byte[256];

  static {
    for (int c = 0x21; c < 0x7f; c++) {
      CLASSES[c] |= VALUE;
      if (c != '\\' && c != '#') {
        CLASSES[c] |= TARGET;
      }
    }
    for (int c = 0x80; c < 0x100; c++) {
      CLASSES[c] |= VALUE;
    }
    CLASSES[' '] |= VALUE;
    CLASSES['\t'] |= VALUE;
    mark("!#$%&'*+-.^_`|~", TOKEN);
    mark("-._~", HOST | UNRESERVED);
    mark("!$&'()*+,;=%", HOST);
    String letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";
    mark(letters, TOKEN | HOST | UNRESERVED);
  }

  private Chars() {}

  private static void mark(String characters, int kinds) {
    for (int i = 0; i < characters.length(); i++) {
      CLASSES[characters.charAt(i)] |= (byte) kinds;
    }
  }

  static boolean is(byte b, byte kind) {
    return (CLASSES[b & 0xff] & kind) != 0;
  }

  static byte lower(byte b) {
    return b >= 'A' && b <= 'Z' ? (byte) (b + 32) : b;
  }

  /** The value of a hexadecimal digit, -1 if it is none. */
  static int hex(byte b) {
    if (b >= '0' && b <= '9') {
      return b - '0';
    }
    int lower = b | 0x20;
    return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
  }

  static byte[] bytes(String ascii) {
    return ascii.getBytes(StandardCharsets.ISO_8859_1);
  }

  /** Whether a slice equals a lower-case word, ignoring the case of the slice. */
  static boolean equalsLower(byte[] bytes, int from, int to, byte[] lower) {
    if (to - from != lower.length) {
      return false;
    }
    for (int i = 0; i < lower.length; i++) {
      if (lower(bytes[from + i]) != lower[i]) {
        return false;
      }
    }
    return true;
  }

  static boolean equalsExact(byte[] bytes, int from, int to, byte[] exact) {
    if (to - from != exact.length) {
      return false;
    }
    for (int i = 0; i < exact.length; i++) {
      if (bytes[from + i] != exact[i]) {
        return false;
      }
    }
    return true;
  }

  static String text(byte[] bytes, int from, int to) {
    return new String(bytes, from, to - from, StandardCharsets.ISO_8859_1);
  }
}
