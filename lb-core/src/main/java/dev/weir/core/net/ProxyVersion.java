package dev.weir.core.net;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.weir.core.config.HealthConfig;
import dev.weir.core.config.PoolConfig;
import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.net.InetSocketAddress;

/**
 * The PROXY header by which backends of a pool are told whose connection is passed on to them
 * (HAProxy's {@code doc/proxy-protocol.txt}): the first bytes of each connection to them.
 */
public enum ProxyVersion {
  /** A line of text. */
  V1 {
    @Override
    byte[] write(InetSocketAddress source, InetSocketAddress destination, boolean six) {
      String line =
          (six ? "PROXY TCP6 " : "PROXY TCP4 ")
              + text(source.getAddress(), six)
              + ' '
              + text(destination.getAddress(), six)
              + ' '
              + source.getPort()
              + ' '
              + destination.getPort()
              + "\r\n";
      return line.getBytes(US_ASCII);
    }

    @Override
    public byte[] local() {
      return "PROXY UNKNOWN\r\n".getBytes(US_ASCII);
    }
  },
  /** Binary. */
  V2 {
    @Override
    byte[] write(InetSocketAddress source, InetSocketAddress destination, boolean six) {
      byte[] header = start(0x21, six ? 0x21 : 0x11, six ? 36 : 12);
      int at = put(bytes(source.getAddress(), six), header, FIXED);
      at = put(bytes(destination.getAddress(), six), header, at);
      at = put(twoBytes(source.getPort()), header, at);
      put(twoBytes(destination.getPort()), header, at);
      return header;
    }

    @Override
    public byte[] local() {
      return start(0x20, 0, 0);
    }
  };

  private static final byte[] SIGNATURE = ProxyHeaderParser.SIGNATURE;
  private static final int FIXED = ProxyHeaderParser.FIXED;

  /** As configured for a pool; null when its backends get no header. */
  public static ProxyVersion of(PoolConfig pool) {
    return switch (pool.proxyProtocol()) {
      case "v1" -> V1;
      case "v2" -> V2;
      default -> null;
    };
  }

  /** What probes of a pool begin with; null for nothing. */
  public static ProxyVersion ofProbes(PoolConfig pool) {
    HealthConfig health = pool.health();
    return health == null || health.proxyProtocol() ? of(pool) : null;
  }

  /**
   * The header of a client's connection; {@link #local} when one of its ends is not known. When
   * they are of different families, IPv4 is written as IPv6 (RFC 4291 section 2.5.5.2).
   *
   * @param source the client's address; may be null
   * @param destination what the client has connected to; may be null
   */
  public byte[] header(InetSocketAddress source, InetSocketAddress destination) {
    if (source == null || destination == null) {
      return local();
    }
    return write(source, destination, length(source) == 16 || length(destination) == 16);
  }

  private static int length(InetSocketAddress address) {
    return address.getAddress().getAddress().length;
  }

  abstract byte[] write(InetSocketAddress source, InetSocketAddress destination, boolean six);

  /** The header of a connection that is nobody's but ours: a probe's. */
  public abstract byte[] local();

  private static byte[] start(int command, int family, int length) {
    byte[] header = new byte[FIXED + length];
    int at = put(SIGNATURE, header, 0);
    header[at++] = (byte) command;
    header[at++] = (byte) family;
    put(twoBytes(length), header, at);
    return header;
  }

  private static int put(byte[] part, byte[] into, int at) {
    System.arraycopy(part, 0, into, at, part.length);
    return at + part.length;
  }

  private static byte[] twoBytes(int number) {
    return new byte[] {(byte) (number >> 8), (byte) number};
  }

  private static byte[] bytes(InetAddress address, boolean six) {
    byte[] own = address.getAddress();
    if (!six || own.length == 16) {
      return own;
    }
    byte[] mapped = new byte[16];
    mapped[10] = -1;
    mapped[11] = -1;
    System.arraycopy(own, 0, mapped, 12, 4);
    return mapped;
  }

  private static String text(InetAddress address, boolean six) {
    byte[] own = address.getAddress();
    return (six && own.length == 4 ? "::ffff:" : "") + NetUtil.bytesToIpAddress(own);
  }
}
