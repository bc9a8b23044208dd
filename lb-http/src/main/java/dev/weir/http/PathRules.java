package dev.weir.http;

import java.util.Arrays;

/**
 * The one normal form of a path, used for matching and for forwarding alike: dot segments are
 * removed and percent-encoded unreserved characters decoded (RFC 3986 sections 5.2.4 and 6.2.2);
 * everything else, {@code %2f}, {@code ;} and {@code //} among it, stays byte for byte and is never
 * decoded for matching. A NUL, and a path that leaves the root, are refused.
 */
final class PathRules {
  private PathRules() {}

  /** Not an encoding where one should be. */
  static final int MALFORMED = -1;

  /** A NUL, or dot segments that leave the root. */
  static final int REFUSED = -2;

  /** Sets {@link Head#normalPath} if the normal form differs, or {@link Head#fault}. */
  static boolean normalise(Head head) {
    byte[] in = head.bytes;
    int from = head.pathStart;
    int to = head.pathEnd;
    byte[] normal = new byte[to - from];
    int length = normalise(in, from, to, normal);
    if (length < 0) {
      head.fault = length == MALFORMED ? Fault.BAD_TARGET : Fault.BAD_PATH;
      return false;
    }
    if (length != to - from || !Arrays.equals(normal, 0, length, in, from, to)) {
      head.normalPath = Arrays.copyOf(normal, length);
    }
    return true;
  }

  /**
   * Checks a path that we made, by the rules that a client's has to keep.
   *
   * @return its normal form; null when it would be refused
   */
  static byte[] checked(byte[] path) {
    if (path.length == 0 || path[0] != '/') {
      return null;
    }
    for (byte b : path) {
      if (!Chars.is(b, Chars.TARGET) || b == '?') {
        return null;
      }
    }
    byte[] normal = new byte[path.length];
    int length = normalise(path, 0, path.length, normal);
    return length < 0 ? null : Arrays.copyOf(normal, length);
  }

  /** Writes the normal form; its length, or {@link #MALFORMED} or {@link #REFUSED}. */
  private static int normalise(byte[] in, int from, int to, byte[] out) {
    int length = 0;
    for (int i = from; i < to; i++) {
      byte b = in[i];
      if (b == '%') {
        int high = i + 2 < to ? Chars.hex(in[i + 1]) : -1;
        int low = i + 2 < to ? Chars.hex(in[i + 2]) : -1;
        if (high < 0 || low < 0) {
          return MALFORMED;
        }
        int value = high * 16 + low;
        if (value == 0) {
          return REFUSED;
        }
        if (Chars.is((byte) value, Chars.UNRESERVED)) {
          out[length++] = (byte) value;
        } else {
          out[length++] = b;
          out[length++] = in[i + 1];
          out[length++] = in[i + 2];
        }
        i += 2;
      } else {
        out[length++] = b;
      }
    }
    int end = removeDots(out, length, false);
    return end < 0 ? REFUSED : end;
  }

  /**
   * In place (RFC 3986 section 5.2.4).
   *
   * @param clamp whether what would leave the root stays there
   * @return the new length, -1 when the path leaves the root
   */
  static int removeDots(byte[] path, int length, boolean clamp) {
    int out = 0;
    int in = 0;
    while (in < length) {
      int next = in + 1;
      while (next < length && path[next] != '/') {
        next++;
      }
      int segment = next - in - 1;
      boolean last = next == length;
      if (segment == 1 && path[in + 1] == '.') {
        if (last) {
          path[out++] = '/';
        }
      } else if (segment == 2 && path[in + 1] == '.' && path[in + 2] == '.') {
        if (out == 0 && !clamp) {
          return -1;
        }
        while (out > 0 && path[--out] != '/') {
          // Back to the slash before the last segment.
        }
        if (last) {
          path[out++] = '/';
        }
      } else {
        System.arraycopy(path, in, path, out, next - in);
        out += next - in;
      }
      in = next;
    }
    return out;
  }
}
