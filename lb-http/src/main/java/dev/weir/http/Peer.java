package dev.weir.http;

import java.net.InetAddress;
import java.net.InetSocketAddress;

/**
 * Who requests are from, by the address: the other end of a connection, or whoever a trusted proxy
 * there has named. Immutable.
 */
final class Peer implements Client {
  private static final long MIX_1 = 0xbf58476d1ce4e5b9L;
  private static final long MIX_2 = 0x94d049bb133111ebL;

  private final InetSocketAddress address;
  private final byte[] text;
  private final long hash;
  private final boolean trusted;

  /**
   * A client.
   *
   * @param address null for a client of a Unix socket, and for a connection that was gone before it
   *     could be asked
   * @param trusted whether its connection is that of a proxy whose forwarded headers are believed
   */
  Peer(InetSocketAddress address, boolean trusted) {
    this.address = address;
    this.trusted = trusted;
    text = Chars.bytes(address == null ? "unknown" : text(address.getAddress()));
    hash = address == null ? 1 : hash(address.getAddress().getAddress());
  }

  /** The address without port and scope. */
  byte[] text() {
    return text;
  }

  /** An address as a Host field has it; {@code localhost} where there is none: a Unix socket. */
  static byte[] authority(InetSocketAddress at) {
    if (at == null) {
      return Chars.bytes("localhost");
    }
    String host = text(at.getAddress());
    return Chars.bytes((host.indexOf(':') < 0 ? host : "[" + host + "]") + ":" + at.getPort());
  }

  /** A well-mixed hash of the address without the port. */
  long hash() {
    return hash;
  }

  /** Null when it is not known. */
  InetSocketAddress address() {
    return address;
  }

  @Override
  public InetAddress source() {
    return address == null ? null : address.getAddress();
  }

  @Override
  public boolean trusted() {
    return trusted;
  }

  private static String text(InetAddress address) {
    String text = address.getHostAddress();
    int scope = text.indexOf('%');
    return scope < 0 ? text : text.substring(0, scope);
  }

  private static long hash(byte[] address) {
    long hash = 0;
    for (byte b : address) {
      hash = (hash << 8 | hash >>> 56) ^ (b & 0xff);
    }
    // The finaliser of SplitMix64 (Steele, Lea and Flood, 2014).
    hash = (hash ^ hash >>> 30) * MIX_1;
    hash = (hash ^ hash >>> 27) * MIX_2;
    return hash ^ hash >>> 31;
  }
}
