package dev.weir.core.net;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;

/** What protocols derive from a client's address. */
public final class ClientAddress {
  private static final long FNV_OFFSET = 0xcbf29ce484222325L;
  private static final long FNV_PRIME = 0x100000001b3L;

  private ClientAddress() {}

  /**
   * A hash of the address without the port: the same in every process and for every connection of a
   * client, whatever the protocol. Not well mixed; the algorithms that use it mix.
   */
  public static long hash(SocketAddress address) {
    if (!(address instanceof InetSocketAddress inet) || inet.getAddress() == null) {
      return 0;
    }
    InetAddress ip = inet.getAddress();
    if (ip instanceof Inet4Address) {
      return ip.hashCode() & 0xffff_ffffL; // the 32 bits themselves, by its documentation
    }
    long hash = FNV_OFFSET;
    for (byte part : ip.getAddress()) {
      hash = (hash ^ (part & 0xff)) * FNV_PRIME;
    }
    return hash;
  }

  /**
   * The address without port and scope, as people write it; {@code unknown} when it is not known.
   */
  public static String text(SocketAddress address) {
    if (!(address instanceof InetSocketAddress inet) || inet.getAddress() == null) {
      return "unknown";
    }
    String text = inet.getAddress().getHostAddress();
    int scope = text.indexOf('%');
    return scope < 0 ? text : text.substring(0, scope);
  }
}
