package dev.weir.core.net;

import static dev.weir.core.net.Hellos.body;
import static dev.weir.core.net.Hellos.counted;
import static dev.weir.core.net.Hellos.extension;
import static dev.weir.core.net.Hellos.handshake;
import static dev.weir.core.net.Hellos.join;
import static dev.weir.core.net.Hellos.message;
import static dev.weir.core.net.Hellos.name;
import static dev.weir.core.net.Hellos.names;
import static dev.weir.core.net.Hellos.offer;
import static dev.weir.core.net.Hellos.record;
import static dev.weir.core.net.Hellos.records;
import static dev.weir.core.net.Hellos.unwrapped;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.core.net.HelloReader.Progress;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What clients of TLS ask for, in whatever pieces they say it. */
class HelloReaderTest {
  private static final int LIMIT = 16 * 1024;
  private static final byte[] NO_EXTENSIONS = {};

  /** What a reader makes of bytes that come in these pieces. */
  private record Seen(Progress progress, ClientHello hello) {}

  private static Seen read(int limit, byte[] input, int... cuts) {
    HelloReader reader = new HelloReader(limit);
    Progress progress = Progress.MORE;
    int from = 0;
    for (int i = 0; i <= cuts.length && progress == Progress.MORE; i++) {
      int to = i < cuts.length ? cuts[i] : input.length;
      ByteBuf piece = Unpooled.wrappedBuffer(input, from, to - from);
      progress = reader.look(piece);
      assertThat(piece.readableBytes()).isEqualTo(to - from);
      from = to;
    }
    return new Seen(progress, reader.hello());
  }

  private static int[] everywhere(int length) {
    int[] cuts = new int[Math.max(0, length - 1)];
    Arrays.setAll(cuts, i -> i + 1);
    return cuts;
  }

  /** The same whole, cut in two at each place and byte by byte. */
  static void assertSeen(byte[] input, Progress progress, ClientHello hello) {
    Seen expected = new Seen(progress, hello);
    for (int cut = 0; cut <= input.length; cut++) {
      assertThat(read(LIMIT, input, cut)).as("cut at %d", cut).isEqualTo(expected);
    }
    assertThat(read(LIMIT, input, everywhere(input.length))).isEqualTo(expected);
  }

  private static void whole(byte[] input, String name, String... protocols) {
    assertSeen(input, Progress.WHOLE, new ClientHello(name, List.of(protocols)));
    for (int length = 0; length < input.length; length++) {
      assertThat(read(LIMIT, Arrays.copyOf(input, length)).progress())
          .as("%d bytes of it", length)
          .isEqualTo(Progress.MORE);
    }
  }

  private static void broken(byte[] input) {
    assertSeen(input, Progress.BROKEN, null);
  }

  // ---- well-formed

  @ParameterizedTest
  @ValueSource(strings = {"TLSv1.3", "TLSv1.2", "TLSv1.3 TLSv1.2"})
  void theHelloOfTheJdkIsRead(String versions) {
    String[] each = versions.split(" ");
    whole(Hellos.real("A.Test", List.of("h2", "http/1.1"), each), "a.test", "h2", "http/1.1");
    whole(Hellos.real("b.a.test", List.of(), each), "b.a.test");
    whole(Hellos.real(null, List.of("h2"), each), null, "h2");
    whole(Hellos.real(null, List.of(), each), null);
  }

  @Test
  void itMayBeSpreadOverRecordsOfAnySize() {
    byte[] message = unwrapped(Hellos.real("a.test", List.of("h2"), "TLSv1.3"));
    for (int size : new int[] {1, 2, 3, 4, 5, 100, message.length - 1}) {
      byte[] input = records(message, size);
      ClientHello hello = new ClientHello("a.test", List.of("h2"));
      assertThat(read(LIMIT, input)).isEqualTo(new Seen(Progress.WHOLE, hello));
      assertThat(read(LIMIT, input, everywhere(input.length)))
          .isEqualTo(new Seen(Progress.WHOLE, hello));
    }
  }

  @Test
  void whatFollowsDoesNotMatter() {
    byte[] hello = Hellos.of("a.test");
    // More of the handshake in the same record, early data behind it.
    byte[] longer = record(join(unwrapped(hello), new byte[] {9, 9, 9}));
    for (byte[] input : List.of(longer, join(hello, new byte[] {23, 3, 3, 0, 1, 0}))) {
      assertSeen(input, Progress.WHOLE, new ClientHello("a.test", List.of()));
    }
  }

  @Test
  void extensionsThatAreNotKnownArePassedOver() {
    byte[] grease = extension(0x0a0a, new byte[0]);
    byte[] ech = extension(0xfe0d, new byte[100]);
    byte[] keys = extension(41, new byte[60]);
    byte[] sni = extension(0, names(name(0, "outer.test")));
    byte[] alpn = extension(16, offer("\032\032", "h2"));
    whole(record(message(join(grease, alpn, ech, sni, keys))), "outer.test", "\032\032", "h2");
  }

  @Test
  void ofTimesBeforeExtensionsThereIsNothingToRead() {
    byte[] old = body(new byte[0], new byte[] {0, 5}, new byte[] {0}, NO_EXTENSIONS);
    whole(record(handshake(1, old)), null);
    whole(record(handshake(1, Arrays.copyOf(old, old.length - 2))), null);
  }

  @Test
  void namesOfOtherTypesArePassedOver() {
    byte[] list = names(name(7, "what?"), name(0, "a.test"), name(9, ""));
    whole(record(message(extension(0, list))), "a.test");
    whole(record(message(extension(0, names(name(7, "what?"))))), null);
  }

  @ParameterizedTest
  @CsvSource({
    "a.test, a.test",
    "A.TEST, a.test",
    "a.test., a.test",
    "localhost, localhost",
    "_dmarc.a-b.test, _dmarc.a-b.test",
    "xn--bcher-kva.test, xn--bcher-kva.test",
    "1.2.3, 1.2.3",
    "1.2.3.4.test, 1.2.3.4.test",
    "192.0.2.1,",
    "192.0.2.1.,",
    "2001:db8::1,",
    "[2001:db8::1],",
    "::ffff:192.0.2.1,"
  })
  void namesAreComparedInSmallLettersAndAddressesAreNone(String sent, String read) {
    whole(Hellos.of(sent), read);
  }

  @Test
  void aNameMayHave253Letters() {
    String longest = "a.".repeat(126) + "c";
    whole(Hellos.of(longest), longest);
    whole(Hellos.of(longest + "."), longest);
    broken(Hellos.of(longest + "d"));
  }

  // ---- not TLS, or too long

  @Test
  void whatIsNotTlsIsKnownByItsFirstWrongByte() {
    assertSeen("GET / HTTP/1.1\r\n".getBytes(ISO_8859_1), Progress.OTHER, null);
    assertSeen("S".getBytes(ISO_8859_1), Progress.OTHER, null);
    assertSeen(new byte[] {0}, Progress.OTHER, null);
    assertSeen(new byte[] {22, 2}, Progress.OTHER, null);
    assertSeen(new byte[] {23, 3, 1, 0, 9}, Progress.OTHER, null);
    assertSeen(new byte[] {22, 3, 1, 0, 0}, Progress.OTHER, null);
    assertSeen(new byte[] {22, 3, 1, 0x40, 1}, Progress.OTHER, null);
  }

  @Test
  void aHelloInTheFormOfSsl2IsFromBeforeSni() {
    // RFC 5246 appendix E.2.
    assertSeen(new byte[] {(byte) 0x80, 0x2e, 1, 3, 1, 0, 0x15}, Progress.OTHER, null);
  }

  @Test
  void whatIsTooLongIsKnownByItsLength() {
    byte[] header = {22, 3, 1, 0x40, 0, 1, 0, 0x3f, (byte) 0xf8};
    assertSeen(header, Progress.TOO_LONG, null);
    // A hello of exactly the limit is not.
    byte[] fits = record(message(extension(21, new byte[LIMIT - 5 - 86])));
    int over = fits.length - LIMIT;
    byte[] exact = record(message(extension(21, new byte[LIMIT - 5 - 86 - over])));
    assertThat(exact).hasSize(LIMIT);
    assertThat(read(LIMIT, exact).progress()).isEqualTo(Progress.WHOLE);
    assertThat(read(LIMIT - 1, exact).progress()).isEqualTo(Progress.TOO_LONG);
    // All the lengths that three bytes can say.
    byte[] most = {22, 3, 1, 1, 0, 1, -1, -1, -1};
    assertSeen(most, Progress.TOO_LONG, null);
  }

  @Test
  void headersOfRecordsCountToo() {
    byte[] message = unwrapped(Hellos.of("a.test"));
    byte[] input = records(message, 1);
    assertThat(read(input.length, input).progress()).isEqualTo(Progress.WHOLE);
    assertThat(read(input.length - 1, input).progress()).isEqualTo(Progress.TOO_LONG);
    assertThat(read(input.length - 1, input, everywhere(input.length)).progress())
        .isEqualTo(Progress.TOO_LONG);
    assertThat(read(input.length / 2, input, everywhere(input.length)).progress())
        .isEqualTo(Progress.TOO_LONG);
  }

  // ---- broken

  @Test
  void whatInterruptsAHelloBreaksIt() {
    byte[] message = unwrapped(Hellos.of("a.test"));
    byte[] first = record(Arrays.copyOf(message, 20));
    broken(join(first, new byte[] {21, 3, 1, 0, 2, 2, 40}));
    broken(join(first, new byte[] {22, 2}));
    broken(join(first, new byte[] {22, 3, 1, 0, 0}));
    broken(join(first, new byte[] {22, 3, 1, 0x40, 1}));
    broken(record(handshake(2, new byte[50])));
    broken(record(handshake(1, new byte[0])));
  }

  @Test
  void partsThatAreTooLongOrEmptyBreakIt() {
    byte[] suites = {0x13, 1};
    byte[] none = {0};
    broken(record(handshake(1, body(new byte[33], suites, none, NO_EXTENSIONS))));
    broken(record(handshake(1, body(new byte[0], new byte[0], none, NO_EXTENSIONS))));
    broken(record(handshake(1, body(new byte[0], new byte[3], none, NO_EXTENSIONS))));
    broken(record(handshake(1, body(new byte[0], suites, new byte[0], NO_EXTENSIONS))));
    byte[] good = body(new byte[0], suites, none, NO_EXTENSIONS);
    broken(record(handshake(1, join(good, new byte[1]))));
    broken(record(handshake(1, Arrays.copyOf(good, good.length - 1))));
    broken(record(handshake(1, Arrays.copyOf(good, 30))));
    broken(record(message(new byte[] {0})));
    broken(record(message(new byte[] {0, 21, 0})));
    broken(record(message(new byte[] {0, 21, 0, 1})));
  }

  @Test
  void listsOfNamesThatLieBreakIt() {
    for (byte[] list :
        List.of(
            new byte[0],
            new byte[] {0},
            names(),
            counted(2, new byte[] {0}),
            counted(2, new byte[] {0, 0, 0}),
            counted(2, new byte[] {0, 0, 2, 'a'}),
            counted(2, new byte[] {7, 0}),
            counted(2, new byte[] {7, 0, 1}),
            join(names(name(0, "a.test")), new byte[1]),
            new byte[] {0, 5, 0, 0, 1, 'a'},
            names(name(0, "a.test"), name(0, "b.test")),
            names(name(0, "a.test"), name(0, "a.test")))) {
      broken(record(message(extension(0, list))));
    }
    byte[] one = extension(0, names(name(0, "a.test")));
    broken(record(message(join(one, one))));
    // An extension that says more than there is, and one more than the message has.
    broken(record(message(new byte[] {0, 0, 0, 9, 0, 4, 0, 0, 1, 'a'})));
  }

  @Test
  void namesThatNobodyHasBreakIt() {
    for (String name :
        List.of(
            "a.test\0",
            "a.test\0.b.test",
            "\0",
            ".",
            "..",
            ".a.test",
            "a..test",
            "a.test..",
            "*.a.test",
            "a test",
            "a.test ",
            "a.test\n",
            "a.test:443",
            "a/b",
            "[a]",
            "1.2.3.4:5")) {
      broken(Hellos.of(name));
    }
    broken(Hellos.of(new String("b\u00fccher.test".getBytes(UTF_8), ISO_8859_1)));
  }

  @Test
  void offersThatLieBreakIt() {
    for (byte[] list :
        List.of(
            new byte[0],
            new byte[] {0},
            offer(),
            offer(""),
            offer("h2", ""),
            counted(2, new byte[] {3, 'h', '2'}),
            join(offer("h2"), new byte[1]),
            new byte[] {0, 4, 2, 'h', '2'})) {
      broken(record(message(extension(16, list))));
    }
    byte[] one = extension(16, offer("h2"));
    broken(record(message(join(one, one))));
  }

  @Test
  void nobodyOffersMoreThan64Protocols() {
    String[] most = new String[ClientHello.MOST_PROTOCOLS];
    Arrays.setAll(most, i -> "p" + i);
    whole(Hellos.of("a.test", most), "a.test", most);
    String[] more = Arrays.copyOf(most, most.length + 1);
    more[most.length] = "h2";
    broken(Hellos.of("a.test", more));
  }

  // ---- chance

  @Test
  void howeverAHelloIsCutTheAnswerIsTheSame() {
    SplittableRandom random = new SplittableRandom(7);
    for (int i = 0; i < 300; i++) {
      String name = random.nextInt(5) == 0 ? null : "n" + random.nextInt(1000) + ".test";
      List<String> offered = new ArrayList<>();
      for (int p = random.nextInt(4); p > 0; p--) {
        offered.add("p".repeat(random.nextInt(1, 256)));
      }
      List<byte[]> extensions = new ArrayList<>();
      if (name != null) {
        extensions.add(extension(0, names(name(0, name))));
      }
      if (!offered.isEmpty()) {
        extensions.add(extension(16, offer(offered.toArray(String[]::new))));
      }
      for (int e = random.nextInt(6); e > 0; e--) {
        byte[] other = extension(random.nextInt(17, 65_536), new byte[random.nextInt(300)]);
        extensions.add(random.nextInt(extensions.size() + 1), other);
      }
      byte[] message = message(join(extensions.toArray(byte[][]::new)));
      byte[] input = records(message, random);
      Seen expected = new Seen(Progress.WHOLE, new ClientHello(name, offered));
      for (int cut = 0; cut <= input.length; cut++) {
        assertThat(read(LIMIT, input, cut)).isEqualTo(expected);
      }
      assertThat(read(LIMIT, input, everywhere(input.length))).isEqualTo(expected);
    }
  }

  @Test
  void aChangedHelloIsReadTheSameInPiecesAndNeverBeyondItself() {
    SplittableRandom random = new SplittableRandom(8);
    byte[][] valid = {
      Hellos.real("a.test", List.of("h2", "http/1.1"), "TLSv1.3"),
      Hellos.of("a.test", "h2"),
      records(unwrapped(Hellos.of("a.b.test")), 9)
    };
    for (int i = 0; i < 100_000; i++) {
      byte[] input = valid[i % valid.length].clone();
      for (int changes = random.nextInt(1, 4); changes > 0; changes--) {
        input[random.nextInt(input.length)] = (byte) random.nextInt(256);
      }
      Seen whole = read(LIMIT, input);
      assertThat(read(LIMIT, input, everywhere(input.length))).isEqualTo(whole);
      assertThat(whole.hello() != null).isEqualTo(whole.progress() == Progress.WHOLE);
    }
  }

  @Test
  @Timeout(20)
  void singleBytesCostNoMoreThanMany() {
    int limit = 64 * 1024;
    byte[] large = message(extension(21, new byte[10_000]));
    byte[] input = records(large, 1);
    assertThat(input).hasSizeBetween(60_000, limit);
    int[] cuts = everywhere(input.length);
    for (int i = 0; i < 100; i++) {
      assertThat(read(limit, input, cuts).progress()).isEqualTo(Progress.WHOLE);
    }
  }
}
