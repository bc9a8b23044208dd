package dev.weir.http;

import dev.weir.core.net.CidrSet;
import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;

/**
 * Finds who a request is from when its connection may be a trusted proxy's: the last address of
 * X-Forwarded-For that is not a trusted proxy itself. What stands before that address anybody may
 * have written, so it is not looked at; where an entry is no address, the proxy that passed it on
 * is the last one known. A chain of {@value #MAX_HOPS} trusted proxies is not followed further.
 */
final class Origin {
  static final int MAX_HOPS = 64;
  private static final int LONGEST =
      "[0000:0000:0000:0000:0000:ffff:255.255.255.255]:65535".length();

  private Origin() {}

  /** The peer itself when it is not trusted. */
  static Peer of(Peer peer, Head request, CidrSet trusted) {
    if (peer.address() == null || !trusted.contains(peer.source())) {
      return peer;
    }
    InetAddress last = peer.source();
    int hops = 0;
    for (int i = request.count() - 1; i >= 0; i--) {
      if (request.name(i) != Name.X_FORWARDED_FOR) {
        continue;
      }
      int from = request.valueStart(i);
      for (int end = request.valueEnd(i); end > from; ) {
        int comma = lastComma(request.bytes, from, end);
        InetAddress hop = address(request.bytes, comma + 1, end);
        if (hop == null || !trusted.contains(hop) || ++hops == MAX_HOPS) {
          return new Peer(new InetSocketAddress(hop == null ? last : hop, 0), true);
        }
        last = hop;
        end = comma;
      }
    }
    return new Peer(new InetSocketAddress(last, 0), true);
  }

  /** Before the beginning when there is none. */
  private static int lastComma(byte[] bytes, int from, int end) {
    int i = end - 1;
    while (i >= from && bytes[i] != ',') {
      i--;
    }
    return i;
  }

  /** An address with or without a port, IPv6 with or without brackets; null when it is none. */
  static InetAddress address(byte[] bytes, int from, int to) {
    String text = to - from > 2 * LONGEST ? "" : Chars.text(bytes, from, to).strip();
    int colon = text.lastIndexOf(':');
    if (text.startsWith("[")) {
      int bracket = text.indexOf(']');
      boolean closed = bracket == text.length() - 1 || (bracket > 0 && bracket == colon - 1);
      text = closed ? text.substring(1, bracket) : "";
    } else if (colon >= 0 && colon == text.indexOf(':')) {
      text = text.substring(0, colon);
    }
    byte[] ip = NetUtil.createByteArrayFromIpAddressString(text);
    try {
      return ip == null || text.indexOf('%') >= 0 ? null : InetAddress.getByAddress(ip);
    } catch (UnknownHostException impossible) {
      throw new IllegalStateException(impossible); // of 4 or 16 bytes
    }
  }
}
