package dev.weir.core.net;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.zip.CRC32C;

/**
 * What PROXY headers of version 2 say beside addresses, as far as it is passed on (HAProxy's {@code
 * doc/proxy-protocol.txt} section 2.2). Read from a client's header, kept with its connection,
 * written to backends. Immutable.
 */
public final class ProxyTlvs {
  /** Nothing. */
  static final ProxyTlvs NONE = new ProxyTlvs(null, null, null);

  private static final int ALPN = 0x01;
  private static final int AUTHORITY = 0x02;
  private static final int CRC32C = 0x03;
  private static final int UNIQUE_ID = 0x05;

  private static final int HEADER = 3;
  private static final int CRC_LENGTH = 4;

  /** The longest name of a protocol (RFC 7301 section 3.1); what is longer is not passed on. */
  private static final int LONGEST_PROTOCOL = 255;

  private static final int LONGEST_AUTHORITY = 255;
  private static final int LONGEST_ID = 128;

  private final byte[] alpn;
  private final byte[] authority;
  private final byte[] uniqueId;

  private ProxyTlvs(byte[] alpn, byte[] authority, byte[] uniqueId) {
    this.alpn = alpn;
    this.authority = authority;
    this.uniqueId = uniqueId;
  }

  /**
   * Reads those of a whole header and checks its sum, if it has one. What has no meaning here is
   * passed over.
   *
   * @param from where they begin
   * @param to the length of the header
   * @return null when they are malformed, ambiguous or the sum is wrong
   */
  static ProxyTlvs read(byte[] header, int from, int to) {
    byte[][] values = new byte[UNIQUE_ID + 1][];
    int at = from;
    while (at < to) {
      if (to - at < HEADER) {
        return null;
      }
      int type = header[at] & 0xff;
      int length = (header[at + 1] & 0xff) << 8 | (header[at + 2] & 0xff);
      at += HEADER;
      if (length > to - at) {
        return null;
      }
      if (means(type)) {
        if (values[type] != null || !allowed(type, header, at, length)) {
          return null;
        }
        values[type] = new byte[length];
        System.arraycopy(header, at, values[type], 0, length);
        if (type == CRC32C && !sumIs(header, at, to)) {
          return null;
        }
      }
      at += length;
    }
    return from == to ? NONE : of(values);
  }

  private static boolean means(int type) {
    return type == ALPN || type == AUTHORITY || type == CRC32C || type == UNIQUE_ID;
  }

  private static boolean allowed(int type, byte[] header, int from, int length) {
    return switch (type) {
      case AUTHORITY -> length <= LONGEST_AUTHORITY && isUtf8(header, from, length);
      case CRC32C -> length == CRC_LENGTH;
      case UNIQUE_ID -> length <= LONGEST_ID;
      default -> true;
    };
  }

  private static boolean isUtf8(byte[] bytes, int from, int length) {
    try {
      UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes, from, length));
      return true;
    } catch (CharacterCodingException wrong) {
      return false;
    }
  }

  /** Over the whole header, as if the four bytes of the sum were zero. */
  private static int sum(byte[] header, int at, int to) {
    CRC32C sum = new CRC32C();
    sum.update(header, 0, at);
    sum.update(new byte[CRC_LENGTH]);
    sum.update(header, at + CRC_LENGTH, to - at - CRC_LENGTH);
    return (int) sum.getValue();
  }

  private static boolean sumIs(byte[] header, int at, int to) {
    return ByteBuffer.wrap(header).getInt(at) == sum(header, at, to);
  }

  private static ProxyTlvs of(byte[][] values) {
    byte[] alpn = values[ALPN];
    boolean tooLong = alpn != null && alpn.length > LONGEST_PROTOCOL;
    return new ProxyTlvs(
        tooLong ? null : some(alpn), some(values[AUTHORITY]), some(values[UNIQUE_ID]));
  }

  // To say nothing is not to say it.
  private static byte[] some(byte[] value) {
    return value == null || value.length == 0 ? null : value;
  }

  /**
   * The same with what the client asks for itself, where the header has not said it. Of several
   * protocols that it offers nobody knows yet which it will be, so that none is told.
   */
  ProxyTlvs with(ClientHello hello) {
    String name = hello.serverName();
    List<String> offered = hello.protocols();
    byte[] only = offered.size() == 1 ? offered.get(0).getBytes(ISO_8859_1) : null;
    return new ProxyTlvs(
        alpn != null ? alpn : only,
        authority != null || name == null ? authority : name.getBytes(US_ASCII),
        uniqueId);
  }

  /** The same with an id, 32 random hexadecimal digits, unless there is one. */
  ProxyTlvs identified(RandomGenerator random) {
    if (uniqueId != null) {
      return this;
    }
    String id = "%016x%016x".formatted(random.nextLong(), random.nextLong());
    return new ProxyTlvs(alpn, authority, id.getBytes(US_ASCII));
  }

  /** The host that the client has asked for, as it was told, at most 255 bytes; null: not told. */
  public byte[] authority() {
    return authority == null ? null : authority.clone();
  }

  /** The name of the connection, at most 128 bytes; null when it has none. */
  public byte[] uniqueId() {
    return uniqueId == null ? null : uniqueId.clone();
  }

  /** The protocol of the connection; null when it was not told. */
  public byte[] alpn() {
    return alpn == null ? null : alpn.clone();
  }

  /**
   * A header with these behind its addresses; one that speaks of no connection stays as it is.
   *
   * @param header of version 2, without any
   * @param kinds which, as configured: {@code alpn}, {@code authority}, {@code unique-id}, {@code
   *     crc32c}
   */
  byte[] behind(byte[] header, List<String> kinds) {
    if (header[ProxyHeaderParser.COMMAND] != ProxyHeaderParser.PROXY) {
      return header;
    }
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    all.writeBytes(header);
    write(ALPN, kinds.contains("alpn") ? alpn : null, all);
    write(AUTHORITY, kinds.contains("authority") ? authority : null, all);
    write(UNIQUE_ID, kinds.contains("unique-id") ? uniqueId : null, all);
    boolean summed = kinds.contains("crc32c");
    write(CRC32C, summed ? new byte[CRC_LENGTH] : null, all);
    byte[] whole = all.toByteArray();
    ByteBuffer in = ByteBuffer.wrap(whole);
    in.putShort(ProxyHeaderParser.FIXED - 2, (short) (whole.length - ProxyHeaderParser.FIXED));
    if (summed) {
      int at = whole.length - CRC_LENGTH;
      in.putInt(at, sum(whole, at, whole.length));
    }
    return whole;
  }

  private static void write(int type, byte[] value, ByteArrayOutputStream into) {
    if (value != null) {
      into.write(type);
      into.write(value.length >> 8);
      into.write(value.length);
      into.writeBytes(value);
    }
  }
}
