package dev.weir.core.net;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import dev.weir.core.net.ProxyHeaderParser.Progress;
import io.netty.buffer.Unpooled;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.HexFormat;
import java.util.List;

/**
 * The corpus of PROXY headers, {@code corpus/proxy-headers.txt}; see there for what its words mean.
 */
public final class ProxyHeaders {
  private static final String SIGNATURE = "0d0a0d0a000d0a515549540a";

  private final String name;
  private final String verdict;
  private final byte[] bytes;

  private ProxyHeaders(String name, String verdict, byte[] bytes) {
    this.name = name;
    this.verdict = verdict;
    this.bytes = bytes;
  }

  /** All of them. */
  public static List<ProxyHeaders> all() {
    try (InputStream in = ProxyHeaders.class.getResourceAsStream("/corpus/proxy-headers.txt")) {
      return new String(in.readAllBytes(), UTF_8)
          .lines()
          .filter(line -> !line.isEmpty() && !line.startsWith("#"))
          .map(ProxyHeaders::of)
          .toList();
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  private static ProxyHeaders of(String line) {
    String[] columns = line.split(" \\| ", 4);
    byte[] bytes =
        switch (columns[2]) {
          case "1" -> text(columns[3]);
          case "2" -> HexFormat.of().parseHex(SIGNATURE + columns[3]);
          default -> HexFormat.of().parseHex(columns[3]);
        };
    return new ProxyHeaders(columns[0], columns[1], bytes);
  }

  private static byte[] text(String text) {
    return text.replace("~", " ")
        .replace("\\r", "\r")
        .replace("\\n", "\n")
        .replace("\\t", "\t")
        .replace("\\0", "\0")
        .getBytes(ISO_8859_1);
  }

  /** What it stands for. */
  public String name() {
    return name;
  }

  /** What becomes of it. */
  public String verdict() {
    return verdict;
  }

  /** The header, or what stands in its place. */
  public byte[] bytes() {
    return bytes.clone();
  }

  /** Whether the connection must be closed. */
  public boolean bad() {
    return verdict.equals("bad");
  }

  /** Whether more must come. */
  public boolean isShort() {
    return verdict.equals("short");
  }

  /**
   * Reads one header of version 2 from a connection, to its last byte; the verdict on it.
   *
   * @throws IOException also when the connection ends before
   */
  public static String read(InputStream from) throws IOException {
    byte[] fixed = from.readNBytes(ProxyHeaderParser.FIXED);
    if (fixed.length < ProxyHeaderParser.FIXED) {
      throw new EOFException("no header");
    }
    int rest = (fixed[14] & 0xff) << 8 | (fixed[15] & 0xff);
    ProxyHeaderParser parser = new ProxyHeaderParser();
    parser.take(Unpooled.wrappedBuffer(fixed));
    Progress progress = parser.take(Unpooled.wrappedBuffer(from.readNBytes(rest)));
    return progress == Progress.DONE ? verdict(parser.addresses(), parser.tlvs()) : "bad";
  }

  /** The verdict on what a parser has read, in the words of the corpus. */
  static String verdict(ProxiedAddresses addresses, ProxyTlvs tlvs) {
    String ends = "nobody";
    if (addresses != null) {
      ends = ProxyHeaderParserTest.shown(addresses);
    }
    return ends
        + part("alpn", tlvs.alpn())
        + part("authority", tlvs.authority())
        + part("id", tlvs.uniqueId());
  }

  private static String part(String key, byte[] value) {
    return value == null ? "" : "; " + key + "=" + shown(value);
  }

  static String shown(byte[] value) {
    ByteArrayOutputStream text = new ByteArrayOutputStream();
    for (byte b : value) {
      text.writeBytes(
          b >= 0x20 && b < 0x7f
              ? new byte[] {b}
              : "\\x%02x".formatted(b & 0xff).getBytes(ISO_8859_1));
    }
    return text.toString(ISO_8859_1);
  }

  @Override
  public String toString() {
    return name;
  }
}
