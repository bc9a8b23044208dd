package dev.weir.http;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Finds in a path what backends may read in different ways, and the ways they may read it. Used
 * where access rules depend on the path: our decision must be the one that the backend's reading
 * would have led to.
 */
final class PathViews {
  static final int ENCODED_SLASH = 1;
  static final int ENCODED_BACKSLASH = 2;
  static final int SEMICOLON = 4;
  static final int DOUBLE_SLASH = 8;

  /** Any other percent-encoding: what it stands for is compared, but it is no reason to refuse. */
  static final int ENCODED = 16;

  private PathViews() {}

  /** Which of these a path in its normal form has. */
  static int oddities(byte[] path, int from, int to) {
    int odd = 0;
    for (int i = from; i < to; i++) {
      switch (path[i]) {
        case ';' -> odd |= SEMICOLON;
        case '/' -> odd |= i + 1 < to && path[i + 1] == '/' ? DOUBLE_SLASH : 0;
        case '%' -> odd |= encoded(path, i, to);
        default -> {}
      }
    }
    return odd;
  }

  private static int encoded(byte[] path, int at, int to) {
    return switch (value(path, at, to)) {
      case '/' -> ENCODED_SLASH;
      case '\\' -> ENCODED_BACKSLASH;
      case ';' -> SEMICOLON;
      default -> ENCODED;
    };
  }

  /** The byte that is encoded here; -1 when none is. */
  private static int value(byte[] path, int at, int to) {
    if (at + 2 >= to || path[at] != '%') {
      return -1;
    }
    int high = Chars.hex(path[at + 1]);
    int low = Chars.hex(path[at + 2]);
    return high < 0 || low < 0 ? -1 : high * 16 + low;
  }

  /** All percent-encodings decoded, once. */
  static byte[] decode(byte[] path) {
    byte[] out = new byte[path.length];
    int length = 0;
    for (int i = 0; i < path.length; i++) {
      int value = value(path, i, path.length);
      out[length++] = value < 0 ? path[i] : (byte) value;
      i += value < 0 ? 0 : 2;
    }
    return Arrays.copyOf(out, length);
  }

  /** How a backend may read a path, and whether its percent-encodings are decoded then. */
  static final class View {
    final byte[] path;
    final boolean decoded;

    View(byte[] path, boolean decoded) {
      this.path = path;
      this.decoded = decoded;
    }
  }

  /**
   * How backends may read this path: with encodings decoded or not or twice, path parameters cut
   * off, backslashes taken for slashes, and slashes merged, in every combination.
   */
  static List<View> of(byte[] path) {
    List<View> views = new ArrayList<>();
    for (byte[] start : new byte[][] {path, withoutParameters(path)}) {
      byte[] once = decode(start);
      add(views, start, false);
      add(views, once, true);
      add(views, decode(once), true);
      add(views, shortened(once), true);
    }
    return views;
  }

  private static void add(List<View> views, byte[] path, boolean decoded) {
    for (byte[] parameters : new byte[][] {path, withoutParameters(path)}) {
      for (byte[] slashes : new byte[][] {parameters, withoutBackslashes(parameters)}) {
        addNew(views, new View(withoutDots(slashes), decoded));
        addNew(views, new View(merged(withoutDots(merged(slashes))), decoded));
      }
    }
  }

  private static void addNew(List<View> views, View view) {
    for (View known : views) {
      if (known.decoded == view.decoded && Arrays.equals(known.path, view.path)) {
        return;
      }
    }
    views.add(view);
  }

  /**
   * Segments end at their first semicolon (RFC 3986 section 3.3, as servlet containers read it).
   */
  private static byte[] withoutParameters(byte[] path) {
    byte[] out = new byte[path.length];
    int length = 0;
    boolean inside = false;
    for (byte b : path) {
      inside = b == ';' || (inside && b != '/');
      if (!inside) {
        out[length++] = b;
      }
    }
    return Arrays.copyOf(out, length);
  }

  private static byte[] withoutBackslashes(byte[] path) {
    byte[] out = path.clone();
    for (int i = 0; i < out.length; i++) {
      if (out[i] == '\\') {
        out[i] = '/';
      }
    }
    return out;
  }

  private static byte[] merged(byte[] path) {
    byte[] out = new byte[path.length];
    int length = 0;
    for (byte b : path) {
      if (b != '/' || length == 0 || out[length - 1] != '/') {
        out[length++] = b;
      }
    }
    return Arrays.copyOf(out, length);
  }

  /** Two-byte forms of ASCII that UTF-8 forbids and lax decoders take (CVE-2000-0884). */
  private static byte[] shortened(byte[] path) {
    byte[] out = new byte[path.length];
    int length = 0;
    for (int i = 0; i < path.length; i++) {
      int b = path[i] & 0xff;
      if ((b == 0xc0 || b == 0xc1) && i + 1 < path.length && (path[i + 1] & 0xc0) == 0x80) {
        out[length++] = (byte) ((b & 1) << 6 | (path[++i] & 0x3f));
      } else {
        out[length++] = path[i];
      }
    }
    return Arrays.copyOf(out, length);
  }

  /** RFC 3986 section 5.2.4: what would leave the root stays in it. */
  private static byte[] withoutDots(byte[] path) {
    byte[] out = path.clone();
    return Arrays.copyOf(out, PathRules.removeDots(out, out.length, true));
  }
}
