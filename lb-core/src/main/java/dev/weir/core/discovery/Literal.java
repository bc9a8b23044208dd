package dev.weir.core.discovery;

import java.net.InetAddress;
import java.net.UnknownHostException;

/** Addresses written as numbers, which need no look-up. */
final class Literal {
  private Literal() {}

  /** The address; null when the host is a name. */
  static InetAddress of(String host) {
    if (host.indexOf(':') < 0 && !isIpv4(host)) {
      return null;
    }
    try {
      // Never looks up what has a colon or is four numbers.
      return InetAddress.getByName(host);
    } catch (UnknownHostException malformed) {
      return null;
    }
  }

  private static boolean isIpv4(String host) {
    String[] parts = host.split("\\.", -1);
    if (parts.length != 4) {
      return false;
    }
    for (String part : parts) {
      boolean number =
          !part.isEmpty() && part.length() <= 3 && part.chars().allMatch(c -> c >= '0' && c <= '9');
      if (!number || Integer.parseInt(part) > 255) {
        return false;
      }
    }
    return true;
  }
}
