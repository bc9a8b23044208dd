package dev.weir.core.net;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.core.net.ProxyHeaderParser.Progress;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.util.NetUtil;
import java.io.ByteArrayOutputStream;
import java.net.InetSocketAddress;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What PROXY headers say, in whatever pieces they come. */
class ProxyHeaderParserTest {
  private static final String SIGNATURE = "0d0a0d0a000d0a515549540a";
  private static final byte[] BEHIND = "GET / HTTP/1.1\r\n\0PROXY ".getBytes(ISO_8859_1);

  /** What a parser makes of a header that is given to it in two or more pieces. */
  private record Result(Progress progress, ProxiedAddresses addresses, int left) {}

  private static Result parse(byte[] input, int... cuts) {
    ProxyHeaderParser parser = new ProxyHeaderParser();
    Progress progress = Progress.MORE;
    int from = 0;
    for (int i = 0; i <= cuts.length && progress == Progress.MORE; i++) {
      int to = i < cuts.length ? cuts[i] : input.length;
      ByteBuf piece = Unpooled.wrappedBuffer(input, from, to - from);
      progress = parser.take(piece);
      from = to - piece.readableBytes();
    }
    return new Result(
        progress, progress == Progress.DONE ? parser.addresses() : null, input.length - from);
  }

  private static int[] everywhere(int length) {
    int[] cuts = new int[Math.max(0, length - 1)];
    Arrays.setAll(cuts, i -> i + 1);
    return cuts;
  }

  private static String shown(ProxiedAddresses addresses) {
    return addresses == null
        ? "-"
        : shown(addresses.source()) + " > " + shown(addresses.destination());
  }

  private static String shown(InetSocketAddress address) {
    return NetUtil.toAddressString(address.getAddress()) + " " + address.getPort();
  }

  /** Checks a whole header with bytes behind it, cut in two at every place and into bytes. */
  private static void understood(byte[] header, String addresses) {
    byte[] input = join(header, BEHIND);
    for (int cut = 0; cut <= input.length; cut++) {
      Result result = parse(input, cut);
      assertThat(result.progress()).as("cut at %d", cut).isEqualTo(Progress.DONE);
      assertThat(shown(result.addresses())).as("cut at %d", cut).isEqualTo(addresses);
      assertThat(result.left()).as("cut at %d", cut).isEqualTo(BEHIND.length);
    }
    assertThat(parse(input, everywhere(input.length)).left()).isEqualTo(BEHIND.length);
    for (int length = 0; length < header.length; length++) {
      assertThat(parse(Arrays.copyOf(header, length)).progress()).isEqualTo(Progress.MORE);
    }
  }

  private static void refused(byte[] header) {
    for (int cut = 0; cut <= header.length; cut++) {
      assertThat(parse(header, cut).progress()).as("cut at %d", cut).isEqualTo(Progress.BAD);
    }
    assertThat(parse(header, everywhere(header.length)).progress()).isEqualTo(Progress.BAD);
  }

  private static byte[] join(byte[]... parts) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      all.writeBytes(part);
    }
    return all.toByteArray();
  }

  private static byte[] line(String line) {
    String text = line.replace("~", " ").replace("\\r", "\r").replace("\\n", "\n");
    return text.replace("\\t", "\t").replace("\\0", "\0").getBytes(ISO_8859_1);
  }

  // ---- version 1

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "TCP4 192.0.2.1 198.51.100.2 56324 443 | 192.0.2.1 56324 > 198.51.100.2 443",
        "TCP4 255.255.255.255 255.255.255.255 65535 65535"
            + " | 255.255.255.255 65535 > 255.255.255.255 65535",
        "TCP4 0.0.0.0 127.0.0.1 0 1 | 0.0.0.0 0 > 127.0.0.1 1",
        "TCP6 2001:db8::1 ::1 1024 80 | 2001:db8::1 1024 > ::1 80",
        "TCP6 2001:DB8:0:0:0:0:0:1 :: 1 2 | 2001:db8::1 1 > :: 2",
        "TCP6 ::ffff:192.0.2.1 ::1 1 2 | 192.0.2.1 1 > ::1 2",
        "TCP6 ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff 65535"
            + " 65535 | ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff 65535 >"
            + " ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff 65535",
        "UNKNOWN | -",
        "UNKNOWN ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff whatever there is 1 | -",
        "UNKNOWN TCP4 192.0.2.1 198.51.100.2 56324 443 | -"
      })
  void aLineNamesBothEnds(String words, String addresses) {
    understood(line("PROXY " + words + "\\r\\n"), addresses);
  }

  @Test
  void theLongestLineIs107Bytes() {
    String longest = "PROXY UNKNOWN " + "x".repeat(91) + "\\r\\n";
    assertThat(line(longest)).hasSize(107);
    understood(line(longest), "-");
    refused(line("PROXY UNKNOWN " + "x".repeat(92) + "\\r\\n"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      ignoreLeadingAndTrailingWhitespace = false,
      value = {
        "proxy TCP4 1.2.3.4 5.6.7.8 1 2\\r\\n",
        "PROXY\\r\\n",
        "PROXY  TCP4 1.2.3.4 5.6.7.8 1 2\\r\\n",
        "PROXY TCP4  1.2.3.4 5.6.7.8 1 2\\r\\n",
        "PROXY TCP4 1.2.3.4 5.6.7.8 1 2~\\r\\n",
        "PROXY TCP4 1.2.3.4 5.6.7.8 1\\r\\n",
        "PROXY TCP4 1.2.3.4 5.6.7.8 1 2 3\\r\\n",
        "PROXY TCP4\\t1.2.3.4 5.6.7.8 1 2\\r\\n",
        "PROXY TCP4 1.2.3.4 5.6.7.8 1 2\\n",
        "PROXY TCP4 1.2.3.4 5.6.7.8 1 2\\rX",
        "PROXY TCP4 1.2.3.4 5.6.7.8 1 2\\r\\r\\n",
        "PROXY TCP4 1.2.3 5.6.7.8 1 2\\r\\n",
        "PROXY TCP4 1.2.3.256 5.6.7.8 1 2\\r\\n",
        "PROXY TCP4 1.2.3.04 5.6.7.8 1 2\\r\\n",
        "PROXY TCP4 1.2.3.+4 5.6.7.8 1 2\\r\\n",
        "PROXY TCP4 1.2.3.4. 5.6.7.8 1 2\\r\\n",
        "PROXY TCP4 ::1 ::1 1 2\\r\\n",
        "PROXY TCP4 localhost 5.6.7.8 1 2\\r\\n",
        "PROXY TCP4 1.2.3.4 5.6.7.8 65536 2\\r\\n",
        "PROXY TCP4 1.2.3.4 5.6.7.8 -1 2\\r\\n",
        "PROXY TCP4 1.2.3.4 5.6.7.8 01 2\\r\\n",
        "PROXY TCP4 1.2.3.4 5.6.7.8 123456 2\\r\\n",
        "PROXY TCP4 1.2.3.4 5.6.7.8  2\\r\\n",
        "PROXY TCP4 1.2.3.4 5.6.7.8 0x1 2\\r\\n",
        "PROXY TCP6 1.2.3.4 ::1 1 2\\r\\n",
        "PROXY TCP6 [::1] ::1 1 2\\r\\n",
        "PROXY TCP6 ::1%eth0 ::1 1 2\\r\\n",
        "PROXY TCP6 ::1 ::g 1 2\\r\\n",
        "PROXY TCP6 1:2:3:4:5:6:7:8:9 ::1 1 2\\r\\n",
        "PROXY TCP6 ::1::2 ::1 1 2\\r\\n",
        "PROXY TCP5 1.2.3.4 5.6.7.8 1 2\\r\\n",
        "PROXY UDP4 1.2.3.4 5.6.7.8 1 2\\r\\n",
        "PROXY UNKNOWNX\\r\\n",
        "PROXY UNKNOWN a\\rb\\r\\n",
        "PROXY unknown\\r\\n",
        "GET / HTTP/1.1\\r\\n",
        "PROXT",
        "\\n",
        "\\0"
      })
  void whatIsNotQuiteALineIsRefused(String text) {
    refused(line(text));
  }

  // ---- version 2

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "21 11 000c c0000201 c6336402 dc04 01bb | 192.0.2.1 56324 > 198.51.100.2 443",
        "21 21 0024 20010db8000000000000000000000001 00000000000000000000000000000001 0400 0050"
            + " | 2001:db8::1 1024 > ::1 80",
        "21 21 0024 00000000000000000000ffffc0000201 00000000000000000000000000000001 0400 0050"
            + " | 192.0.2.1 1024 > ::1 80",
        // Extensions: an authority of three bytes, and bytes that are none.
        "21 11 0012 c0000201 c6336402 dc04 01bb 020003616263 | 192.0.2.1 56324 > 198.51.100.2 443",
        "21 11 000d c0000201 c6336402 dc04 01bb ff | 192.0.2.1 56324 > 198.51.100.2 443",
        // LOCAL: whatever else it says.
        "20 00 0000 | -",
        "20 11 000c c0000201 c6336402 dc04 01bb | -",
        "20 ff 0003 010203 | -",
        "20 11 0000 | -",
        // Unspecified, and datagrams.
        "21 00 0000 | -",
        "21 00 0004 01020304 | -",
        "21 12 000c c0000201 c6336402 dc04 01bb | -",
        "21 22 0024 20010db8000000000000000000000001 00000000000000000000000000000001 0400 0050 | -"
      })
  void aBinaryHeaderNamesBothEnds(String hex, String addresses) {
    understood(hex(SIGNATURE + hex), addresses);
  }

  @Test
  void unixSocketsNameNobody() {
    String paths = "2f746d702f73".concat("00".repeat(102));
    understood(hex(SIGNATURE + "21 31 00d8" + paths + paths), "-");
    understood(hex(SIGNATURE + "21 32 00d8" + paths + paths), "-");
    refused(hex(SIGNATURE + "21 31 00d7" + "00".repeat(215)));
  }

  @Test
  void extensionsArePassedOverUpToALimit() {
    String addresses = "c0000201 c6336402 dc04 01bb";
    int room = ProxyHeaderParser.MAX_V2 - 16;
    byte[] full = hex(SIGNATURE + "2111%04x".formatted(room) + addresses + "ab".repeat(room - 12));
    assertThat(full).hasSize(4096);
    Result result = parse(join(full, BEHIND), everywhere(4096));
    assertThat(shown(result.addresses())).isEqualTo("192.0.2.1 56324 > 198.51.100.2 443");
    assertThat(result.left()).isEqualTo(BEHIND.length);
    refused(hex(SIGNATURE + "2111%04x".formatted(room + 1)));
    refused(hex(SIGNATURE + "2011ffff"));
  }

  @ParameterizedTest
  @CsvSource({
    "0d0a0d0a000d0a515549540b",
    "0d0a0d0a000d0a515549550a2111",
    "0d0a0a",
    SIGNATURE + "1111000c",
    SIGNATURE + "3111000c",
    SIGNATURE + "2211000c",
    SIGNATURE + "2f11000c",
    SIGNATURE + "2110000c",
    SIGNATURE + "2101000c",
    SIGNATURE + "2113000c",
    SIGNATURE + "2141000c",
    SIGNATURE + "21ff000c",
    SIGNATURE + "2111000b",
    SIGNATURE + "21110000",
    SIGNATURE + "21210023",
    SIGNATURE + "2122000c",
    SIGNATURE + "213100d7"
  })
  void whatIsNotQuiteABinaryHeaderIsRefused(String hex) {
    byte[] header = hex(hex);
    // Not before the byte that is wrong, and not after the four that say what follows.
    assertThat(parse(header, everywhere(header.length)).progress()).isEqualTo(Progress.BAD);
    assertThat(parse(header).progress()).isEqualTo(Progress.BAD);
  }

  private static byte[] hex(String text) {
    String digits = text.replace(" ", "");
    byte[] bytes = new byte[digits.length() / 2];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) Integer.parseInt(digits, 2 * i, 2 * i + 2, 16);
    }
    return bytes;
  }

  // ---- both

  @Test
  void whatWeWriteIsUnderstood() {
    InetSocketAddress four = new InetSocketAddress("192.0.2.1", 56_324);
    InetSocketAddress six = new InetSocketAddress("2001:db8::1", 443);
    for (ProxyVersion version : ProxyVersion.values()) {
      understood(version.header(four, four), "192.0.2.1 56324 > 192.0.2.1 56324");
      understood(version.header(six, six), "2001:db8::1 443 > 2001:db8::1 443");
      understood(version.header(four, six), "192.0.2.1 56324 > 2001:db8::1 443");
      understood(version.header(six, four), "2001:db8::1 443 > 192.0.2.1 56324");
      understood(version.local(), "-");
      understood(version.header(null, six), "-");
      understood(version.header(six, null), "-");
    }
    assertThat(new String(ProxyVersion.V1.header(four, six), ISO_8859_1))
        .isEqualTo("PROXY TCP6 ::ffff:192.0.2.1 2001:db8::1 56324 443\r\n");
    assertThat(new String(ProxyVersion.V1.header(four, four), ISO_8859_1))
        .isEqualTo("PROXY TCP4 192.0.2.1 192.0.2.1 56324 56324\r\n");
    assertThat(ProxyVersion.V2.local()).isEqualTo(hex(SIGNATURE + "20000000"));
  }

  @Test
  void randomBytesAndBrokenHeadersNeverNameAnybodyByHalves() {
    SplittableRandom random = new SplittableRandom(55);
    InetSocketAddress four = new InetSocketAddress("192.0.2.1", 1);
    InetSocketAddress six = new InetSocketAddress("2001:db8::1", 2);
    byte[][] valid = {
      ProxyVersion.V1.header(four, four),
      ProxyVersion.V1.header(six, six),
      ProxyVersion.V2.header(four, four),
      ProxyVersion.V2.header(six, six)
    };
    for (int i = 0; i < 200_000; i++) {
      byte[] input = valid[i % 4].clone();
      if (i % 16 == 0) {
        input = new byte[random.nextInt(1, 200)];
        random.nextBytes(input);
      }
      for (int changes = random.nextInt(4); changes >= 0; changes--) {
        input[random.nextInt(input.length)] = (byte) random.nextInt(256);
      }
      Result whole = parse(input);
      // However it comes, it is the same.
      assertThat(parse(input, everywhere(input.length))).isEqualTo(whole);
      if (whole.progress() == Progress.DONE && whole.addresses() != null && input[0] == 'P') {
        ProxiedAddresses read = whole.addresses();
        byte[] again = ProxyVersion.V1.header(read.source(), read.destination());
        assertThat(shown(parse(again).addresses())).isEqualTo(shown(read));
      }
    }
  }
}
