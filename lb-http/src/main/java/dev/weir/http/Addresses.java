package dev.weir.http;

import java.net.InetAddress;
import java.net.InetSocketAddress;

/** Client addresses as text and as hash. */
final class Addresses {
  private static final long MIX_1 = 0xbf58476d1ce4e5b9L;
  private static final long MIX_2 = 0x94d049bb133111ebL;

  private Addresses() {}

  /** Without scope, without brackets. */
  static String text(InetAddress address) {
    String text = address.getHostAddress();
    int scope = text.indexOf('%');
    return scope < 0 ? text : text.substring(0, scope);
  }

  /** A well-mixed hash of the address without the port; never 0. */
  static long hash(InetSocketAddress address) {
    long hash = 0;
    if (address != null) {
      for (byte b : address.getAddress().getAddress()) {
        hash = (hash << 8 | hash >>> 56) ^ (b & 0xff);
      }
    }
    // The finaliser of SplitMix64 (Steele, Lea and Flood, 2014).
    hash = (hash ^ hash >>> 30) * MIX_1;
    hash = (hash ^ hash >>> 27) * MIX_2;
    hash ^= hash >>> 31;
    return hash == 0 ? 1 : hash;
  }
}
