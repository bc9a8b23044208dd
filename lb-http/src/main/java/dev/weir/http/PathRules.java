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

  /** Sets {@link Head#normalPath} if the normal form differs, or {@link Head#fault}. */
  static boolean normalise(Head head) {
    byte[] in = head.bytes;
    int from = head.pathStart;
    int to = head.pathEnd;
    byte[] decoded = new byte[to - from];
    int length = 0;
    for (int i = from; i < to; i++) {
      byte b = in[i];
      if (b == '%') {
        int high = i + 2 < to ? Chars.hex(in[i + 1]) : -1;
        int low = i + 2 < to ? Chars.hex(in[i + 2]) : -1;
        if (high < 0 || low < 0) {
          head.fault = Fault.BAD_TARGET;
          return false;
        }
        int value = high * 16 + low;
        if (value == 0) {
          head.fault = Fault.BAD_PATH;
          return false;
        }
        if (Chars.is((byte) value, Chars.UNRESERVED)) {
          decoded[length++] = (byte) value;
        } else {
          decoded[length++] = b;
          decoded[length++] = in[i + 1];
          decoded[length++] = in[i + 2];
        }
        i += 2;
      } else {
        decoded[length++] = b;
      }
    }
    int end = removeDots(decoded, length);
    if (end < 0) {
      head.fault = Fault.BAD_PATH;
      return false;
    }
    if (end != to - from || !Arrays.equals(decoded, 0, end, in, from, to)) {
      head.normalPath = Arrays.copyOf(decoded, end);
    }
    return true;
  }

  /** In place; the new length, -1 when the path leaves the root. */
  private static int removeDots(byte[] path, int length) {
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
        if (out == 0) {
          return -1;
        }
        do {
          out--;
        } while (path[out] != '/');
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
