package dev.weir.core.net;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.netty.buffer.ByteBuf;
import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.Arrays;

/**
 * Reads one PROXY header, version 1 or 2, from the beginning of a connection (HAProxy's {@code
 * doc/proxy-protocol.txt}). Bytes may come in any pieces; not one behind the header is taken.
 *
 * <p>Strict where a wrong address could come of it: single blanks, numbers without leading zeros,
 * no unassigned families, extensions that end where they say, a checksum that is right. Version 1
 * is at most {@value #MAX_V1} bytes, version 2 at most {@value #MAX_V2}. What the header of a
 * LOCAL, UNKNOWN or unspecified connection says is passed over, and so are the addresses of
 * datagrams and Unix sockets: the connection then speaks for itself.
 */
final class ProxyHeaderParser {
  /** What has become of the header so far. */
  enum Progress {
    MORE,
    DONE,
    BAD
  }

  /** The longest line of version 1, with its end. */
  static final int MAX_V1 = 107;

  /** The longest header of version 2, its extensions (TLVs) among it. */
  static final int MAX_V2 = 4096;

  static final byte[] SIGNATURE = {13, 10, 13, 10, 0, 13, 10, 'Q', 'U', 'I', 'T', 10};
  private static final byte[] PREFIX = {'P', 'R', 'O', 'X', 'Y', ' '};

  /** What every header of version 2 begins with, in bytes. */
  static final int FIXED = 16;

  /** Where version and command stand. */
  static final int COMMAND = 12;

  /** Version 2, and somebody's connection. */
  static final int PROXY = 0x21;

  private static final int LOCAL = 0x20;
  private static final int FAMILY = 13;
  private static final int UNSPECIFIED = 0x00;
  private static final int ADDRESSES_4 = 12;
  private static final int ADDRESSES_6 = 36;
  private static final int ADDRESSES_UNIX = 216;
  private static final int UNASSIGNED = -1;
  private static final int MAX_PORT = 65_535;

  private byte[] bytes = new byte[MAX_V1];
  private int length;
  private int wanted = FIXED;
  private ProxiedAddresses addresses;
  private ProxyTlvs tlvs = ProxyTlvs.NONE;

  /** Takes what belongs to the header; the rest stays in the buffer. Not to be called after BAD. */
  Progress take(ByteBuf in) {
    while (in.isReadable()) {
      if (length >= FIXED && bytes[0] == SIGNATURE[0]) {
        return rest(in);
      }
      bytes[length++] = in.readByte();
      Progress now = bytes[0] == SIGNATURE[0] ? binary() : line();
      if (now != Progress.MORE) {
        return now;
      }
    }
    return Progress.MORE;
  }

  /** Null when the header names no client; valid once it is done. */
  ProxiedAddresses addresses() {
    return addresses;
  }

  /** What the header says beside them; valid once it is done. */
  ProxyTlvs tlvs() {
    return tlvs;
  }

  // ---- version 1

  private Progress line() {
    byte last = bytes[length - 1];
    if (length <= PREFIX.length) {
      return last == PREFIX[length - 1] ? Progress.MORE : Progress.BAD;
    }
    boolean afterReturn = bytes[length - 2] == '\r';
    if (afterReturn != (last == '\n')) {
      return Progress.BAD;
    }
    if (afterReturn) {
      return words(new String(bytes, PREFIX.length, length - 2 - PREFIX.length, ISO_8859_1));
    }
    return length == MAX_V1 ? Progress.BAD : Progress.MORE;
  }

  private Progress words(String rest) {
    if (rest.equals("UNKNOWN") || rest.startsWith("UNKNOWN ")) {
      return Progress.DONE;
    }
    String[] words = rest.split(" ", -1);
    boolean six = words[0].equals("TCP6");
    if (words.length != 5 || !(six || words[0].equals("TCP4"))) {
      return Progress.BAD;
    }
    InetSocketAddress source = address(six, words[1], words[3]);
    InetSocketAddress destination = address(six, words[2], words[4]);
    if (source == null || destination == null) {
      return Progress.BAD;
    }
    addresses = new ProxiedAddresses(source, destination);
    return Progress.DONE;
  }

  private static InetSocketAddress address(boolean six, String host, String port) {
    byte[] ip = six ? six(host) : four(host);
    int number = number(port, MAX_PORT);
    return ip == null || number < 0 ? null : socketAddress(ip, number);
  }

  private static byte[] four(String text) {
    String[] parts = text.split("\\.", -1);
    if (parts.length != 4) {
      return null;
    }
    byte[] ip = new byte[4];
    for (int i = 0; i < 4; i++) {
      int octet = number(parts[i], 255);
      if (octet < 0) {
        return null;
      }
      ip[i] = (byte) octet;
    }
    return ip;
  }

  // Netty's reading also takes brackets, scopes and IPv4.
  private static byte[] six(String text) {
    boolean plain = text.indexOf(':') >= 0;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      plain &= (c < 0x80 && Character.digit(c, 16) >= 0) || c == ':' || c == '.';
    }
    byte[] ip = plain ? NetUtil.createByteArrayFromIpAddressString(text) : null;
    return ip != null && ip.length == 16 ? ip : null;
  }

  /** -1 when it is no decimal number up to {@code most}, or has leading zeros. */
  private static int number(String text, int most) {
    if (text.isEmpty() || text.length() > 5 || (text.length() > 1 && text.charAt(0) == '0')) {
      return -1;
    }
    int number = 0;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c < '0' || c > '9') {
        return -1;
      }
      number = number * 10 + c - '0';
    }
    return number <= most ? number : -1;
  }

  // ---- version 2

  private Progress binary() {
    if (length <= SIGNATURE.length) {
      return bytes[length - 1] == SIGNATURE[length - 1] ? Progress.MORE : Progress.BAD;
    }
    if (length < FIXED) {
      return Progress.MORE;
    }
    if (!fixed()) {
      return Progress.BAD;
    }
    return wanted == FIXED ? whole() : Progress.MORE;
  }

  /** Version, command, family and length: what follows. */
  private boolean fixed() {
    int command = bytes[COMMAND] & 0xff;
    int rest = unsigned(FIXED - 2);
    if ((command != LOCAL && command != PROXY) || rest > MAX_V2 - FIXED) {
      return false;
    }
    // What a LOCAL header has for a family means nothing.
    int needed = command == LOCAL ? 0 : addressesOf(bytes[FAMILY] & 0xff);
    if (needed == UNASSIGNED || rest < needed) {
      return false;
    }
    wanted = FIXED + rest;
    if (wanted > bytes.length) {
      bytes = Arrays.copyOf(bytes, wanted);
    }
    return true;
  }

  private Progress rest(ByteBuf in) {
    int part = Math.min(wanted - length, in.readableBytes());
    in.readBytes(bytes, length, part);
    length += part;
    return length == wanted ? whole() : Progress.MORE;
  }

  private Progress whole() {
    int family = bytes[FAMILY] & 0xff;
    if ((bytes[COMMAND] & 0xff) == LOCAL || family == UNSPECIFIED) {
      return Progress.DONE;
    }
    tlvs = ProxyTlvs.read(bytes, FIXED + addressesOf(family), wanted);
    if (tlvs == null) {
      return Progress.BAD;
    }
    if (family == 0x11 || family == 0x21) {
      int each = family == 0x11 ? 4 : 16;
      int ports = FIXED + 2 * each;
      addresses =
          new ProxiedAddresses(
              socketAddress(Arrays.copyOfRange(bytes, FIXED, FIXED + each), unsigned(ports)),
              socketAddress(Arrays.copyOfRange(bytes, FIXED + each, ports), unsigned(ports + 2)));
    }
    return Progress.DONE;
  }

  private static int addressesOf(int family) {
    return switch (family) {
      case UNSPECIFIED -> 0;
      case 0x11, 0x12 -> ADDRESSES_4;
      case 0x21, 0x22 -> ADDRESSES_6;
      case 0x31, 0x32 -> ADDRESSES_UNIX;
      default -> UNASSIGNED;
    };
  }

  private int unsigned(int at) {
    return (bytes[at] & 0xff) << 8 | (bytes[at + 1] & 0xff);
  }

  private static InetSocketAddress socketAddress(byte[] ip, int port) {
    try {
      return new InetSocketAddress(InetAddress.getByAddress(ip), port);
    } catch (UnknownHostException impossible) {
      throw new IllegalStateException(impossible); // of 4 or 16 bytes
    }
  }
}
