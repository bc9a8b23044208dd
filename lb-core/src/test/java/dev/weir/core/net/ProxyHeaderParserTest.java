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
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What PROXY headers say, in whatever pieces they come. */
class ProxyHeaderParserTest {
  private static final String SIGNATURE = "0d0a0d0a000d0a515549540a";
  private static final byte[] BEHIND = "GET / HTTP/1.1\r\n\0PROXY ".getBytes(ISO_8859_1);

  /** What a parser makes of a header that is given to it in two or more pieces. */
  private record Result(Progress progress, String verdict, int left) {}

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
    String verdict =
        progress == Progress.DONE
            ? ProxyHeaders.verdict(parser.addresses(), parser.tlvs())
            : progress == Progress.BAD ? "bad" : "short";
    return new Result(progress, verdict, input.length - from);
  }

  private static int[] everywhere(int length) {
    int[] cuts = new int[Math.max(0, length - 1)];
    Arrays.setAll(cuts, i -> i + 1);
    return cuts;
  }

  static String shown(ProxiedAddresses addresses) {
    return shown(addresses.source()) + " > " + shown(addresses.destination());
  }

  private static String shown(InetSocketAddress address) {
    return NetUtil.toAddressString(address.getAddress()) + " " + address.getPort();
  }

  /** Checks a whole header with bytes behind it, cut in two at every place and into bytes. */
  private static void understood(byte[] header, String verdict) {
    byte[] input = join(header, BEHIND);
    for (int cut = 0; cut <= input.length; cut++) {
      Result result = parse(input, cut);
      assertThat(result.progress()).as("cut at %d", cut).isEqualTo(Progress.DONE);
      assertThat(result.verdict()).as("cut at %d", cut).isEqualTo(verdict);
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

  static List<ProxyHeaders> corpus() {
    return ProxyHeaders.all();
  }

  @ParameterizedTest
  @MethodSource("corpus")
  void theCorpusIsReadAsItSays(ProxyHeaders header) {
    if (header.bad()) {
      refused(header.bytes());
    } else if (header.isShort()) {
      assertThat(parse(header.bytes()).progress()).isEqualTo(Progress.MORE);
      assertThat(parse(header.bytes(), everywhere(header.bytes().length)).progress())
          .isEqualTo(Progress.MORE);
    } else {
      understood(header.bytes(), header.verdict());
    }
  }

  @Test
  void theCorpusHasBothVersionsAndEveryVerdict() {
    assertThat(corpus()).hasSizeGreaterThan(100).doesNotHaveDuplicates();
    assertThat(corpus()).anyMatch(ProxyHeaders::bad).anyMatch(ProxyHeaders::isShort);
    for (String verdict : List.of("nobody", "authority=a.test", "alpn=h2", "id=7")) {
      assertThat(corpus()).anyMatch(header -> header.verdict().contains(verdict));
    }
  }

  @Test
  void theLimitsAreThoseOfTheCorpus() {
    assertThat(corpus())
        .filteredOn(header -> header.name().equals("padded to the most"))
        .allMatch(header -> header.bytes().length == ProxyHeaderParser.MAX_V2)
        .hasSize(1);
    assertThat(corpus())
        .filteredOn(header -> header.name().equals("unknown of 107 bytes"))
        .allMatch(header -> header.bytes().length == ProxyHeaderParser.MAX_V1)
        .hasSize(1);
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
      understood(version.local(), "nobody");
      understood(version.header(null, six), "nobody");
      understood(version.header(six, null), "nobody");
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
      if (whole.progress() == Progress.DONE && input[0] == 'P') {
        ProxyHeaderParser parser = new ProxyHeaderParser();
        parser.take(Unpooled.wrappedBuffer(input));
        ProxiedAddresses read = parser.addresses();
        if (read != null) {
          byte[] again = ProxyVersion.V1.header(read.source(), read.destination());
          assertThat(parse(again).verdict()).isEqualTo(whole.verdict());
        }
      }
    }
  }
}
