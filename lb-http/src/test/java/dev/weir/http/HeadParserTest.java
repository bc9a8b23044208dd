package dev.weir.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.IntPredicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Heads of requests and responses, whole and in pieces, good and bad. */
final class HeadParserTest {
  private static final String TOKEN_MARKS = "!#$%&'*+-.^_`|~";
  private static final HeadParser REQUESTS = HeadParser.requests(200, 1000, 20);
  private static final HeadParser RESPONSES = HeadParser.responses(1000, 20);

  private static final List<String> REQUEST_HEADS =
      List.of(
          "GET / HTTP/1.1\r\nHost: a\r\n\r\n",
          "\r\nGET /a/../b?c=d HTTP/1.1\r\nHost: a:81\r\nAccept:  */*  \r\nX:\r\nY: \r\n\r\n",
          "GET http://b:80/%2e/x?y HTTP/1.1\r\nHost: a\r\n\r\n",
          "OPTIONS * HTTP/1.1\r\nHost: [::1]:8080\r\n\r\n",
          "OPTIONS http://b HTTP/1.1\r\nHost: a\r\n\r\n",
          "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nContent-Length: 5\r\n\r\n",
          "PUT / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding:\tChunked\t\r\n\r\n",
          "GET / HTTP/1.0\r\nConnection: keep-alive, X-Hop\r\nX-Hop: 1\r\nX-Real-Ip: 2\r\n\r\n",
          "GET / HTTP/1.1\r\nHost: a\r\nConnection: upgrade\r\nUpgrade: ws\r\nTE: trailers\r\n\r\n",
          "BREW / HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nX_Y: \u00e9\r\n\r\n",
          "GET / HTTP/1.1\r\nHost: a\r\nA\r\n\r\n",
          "GET / HTTP/1.1\r\nHost : a\r\n\r\n",
          "GET / HTTP/1.1\r\nHost: a\nX: b\r\n\r\n",
          "GET / HTTP/1.1\r\nHost: a\r\rX: b\r\n\r\n",
          "GET / HTTP/1.1\r\nHost: a\r\n folded\r\n\r\n",
          "GET / HTTP/1.1\r\n\r\n",
          "GET / HTTP/1.1\n\n\r\n\r\n",
          "GET  / HTTP/1.1\r\nHost: a\r\n\r\n",
          "GET / HTTP/1.1 \r\nHost: a\r\n\r\n",
          "GET / HTTP/2.0\r\nHost: a\r\n\r\n",
          "GET /\\ HTTP/1.1\r\nHost: a\r\n\r\n",
          "GET /../ HTTP/1.1\r\nHost: a\r\n\r\n",
          "GET /%zz HTTP/1.1\r\nHost: a\r\n\r\n",
          "CONNECT a:80 HTTP/1.1\r\nHost: a\r\n\r\n",
          "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n",
          "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: +5\r\n\r\n",
          "GET / HTTP/1.1\r\nHost: a\r\nHost: a\r\n\r\n",
          "GET / HTTP/1.1\r\nHost: a\r\nX: \u0000\r\n\r\n",
          "GET /" + "a".repeat(186) + " HTTP/1.1\r\nHost: a\r\n\r\n",
          "GET /" + "a".repeat(187) + " HTTP/1.1\r\nHost: a\r\n\r\n",
          "GET / HTTP/1.1\r\nHost: a\r\n" + "X: 1\r\n".repeat(19) + "\r\n",
          "GET / HTTP/1.1\r\nHost: a\r\n" + "X: 1\r\n".repeat(20) + "\r\n",
          sized(1000),
          sized(1001));

  private static final List<String> RESPONSE_HEADS =
      List.of(
          "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n",
          "HTTP/1.1 200\r\nDate: x\r\n\r\n",
          "HTTP/1.0 404 Not  Found \r\nConnection: keep-alive\r\n\r\n",
          "HTTP/1.1 101 Switching\r\nUpgrade: ws\r\nConnection: Upgrade\r\n\r\n",
          "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nWWW-Authenticate: NTLM\r\n\r\n",
          "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip\r\n\r\n",
          "HTTP/1.1 099 No\r\n\r\n",
          "HTTP/1.1 600 No\r\n\r\n",
          "HTTP/1.1 20 No\r\n\r\n",
          "HTTP/1.1  200 No\r\n\r\n",
          "HTTP/2 200 No\r\n\r\n",
          "http/1.1 200 No\r\n\r\n",
          "HTTP/1.1 200 \u0001\r\n\r\n",
          "HTTP/1.1 200 OK\nX: y\r\n\r\n",
          "HTTP/1.1 200 OK\r\nX: y\r\n fold\r\n\r\n");

  /** A request head of this many bytes, too long for no other limit. */
  private static String sized(int bytes) {
    String before = "GET / HTTP/1.1\r\nHost: a\r\nX: ";
    return before + "x".repeat(bytes - before.length() - 4) + "\r\n\r\n";
  }

  @Test
  void aHeadReadsTheSameInWhateverPiecesItComes() {
    REQUEST_HEADS.forEach(head -> assertSplitsAgree(REQUESTS, head));
    RESPONSE_HEADS.forEach(head -> assertSplitsAgree(RESPONSES, head));
  }

  private static void assertSplitsAgree(HeadParser parser, String text) {
    String whole = result(parser, text, text.length());
    for (int split = 1; split < text.length(); split++) {
      assertThat(result(parser, text, split)).as("split at %s of %s", split, text).isEqualTo(whole);
    }
    for (int step = 1; step < 4; step++) {
      Head head = Heads.empty();
      boolean done = false;
      for (int i = 0; i < text.length() && !done; i += step) {
        done = Heads.feed(parser, head, text.substring(i, Math.min(text.length(), i + step)));
      }
      assertThat(Heads.describe(head)).as("steps of %s", step).isEqualTo(whole);
    }
  }

  /** What comes of a head that arrives in two pieces, the second with a body behind it. */
  private static String result(HeadParser parser, String text, int split) {
    Head head = Heads.empty();
    String first = text.substring(0, split);
    String second = text.substring(split) + "BODY";
    if (split < text.length() && Heads.feed(parser, head, first)) {
      assertThat(head.fault).as("complete too early: %s", first).isNotNull();
      return Heads.describe(head);
    }
    ByteBuf in = Unpooled.wrappedBuffer(Chars.bytes(split < text.length() ? second : text));
    assertThat(parser.read(head, in)).as("incomplete: %s", text).isTrue();
    if (head.fault == null && split < text.length()) {
      assertThat(in.readableBytes()).as("bytes left behind the head").isEqualTo(4);
    }
    in.release();
    return Heads.describe(head);
  }

  @Test
  void theLimitsAreExact() {
    assertThat(fault(REQUESTS, REQUEST_HEADS.get(28))).isNull();
    assertThat(fault(REQUESTS, REQUEST_HEADS.get(29))).isEqualTo(Fault.LINE_TOO_LONG);
    assertThat(fault(REQUESTS, REQUEST_HEADS.get(30))).isNull();
    assertThat(fault(REQUESTS, REQUEST_HEADS.get(31))).isEqualTo(Fault.TOO_MANY_FIELDS);
    assertThat(fault(REQUESTS, sized(1000))).isNull();
    assertThat(fault(REQUESTS, sized(1001))).isEqualTo(Fault.HEAD_TOO_LARGE);
    assertThat(fault(RESPONSES, "HTTP/1.1 200 " + "a".repeat(2000))).isNotNull();
  }

  @Test
  void aLineWithoutEndIsRefusedAsSoonAsItIsTooLong() {
    Head head = Heads.empty();
    assertThat(Heads.feed(REQUESTS, head, "G".repeat(201))).isFalse();
    assertThat(Heads.feed(REQUESTS, head, "G")).isTrue();
    assertThat(head.fault).isEqualTo(Fault.LINE_TOO_LONG);
  }

  @Test
  void aHeadWithoutEndIsRefusedAsSoonAsItIsTooLarge() {
    Head head = Heads.empty();
    String begin = "GET / HTTP/1.1\r\nX: ";
    assertThat(Heads.feed(REQUESTS, head, begin + "x".repeat(1000 - begin.length()))).isFalse();
    assertThat(Heads.feed(REQUESTS, head, "x")).isTrue();
    assertThat(head.fault).isEqualTo(Fault.HEAD_TOO_LARGE);
  }

  private static Fault fault(HeadParser parser, String text) {
    Head head = Heads.empty();
    assertThat(Heads.feed(parser, head, text)).isTrue();
    return head.fault;
  }

  @Test
  void theSlicesAreWhatWasSent() {
    Head head =
        Heads.request(
            "PURGE /a/b?c=d?e HTTP/1.1\r\nHost:a\r\nX-Empty:\r\nCookie: a=b; c=d\t\r\n\r\n");
    assertThat(Heads.describe(head))
        .contains("OTHER PURGE|", "target /a/b?c=d?e|", "path /a/b /a/b|")
        .contains("|Host=a=HOST|", "|X-Empty==OTHER|", "|Cookie=a=b; c=d=OTHER");
    assertThat(head.canonical(0) || head.canonical(1) || head.canonical(2)).isFalse();
  }

  @Test
  void onlyTokenBytesMakeAMethod() {
    // The blank ends the method; what stands behind it is then no target.
    assertBytes(b -> token(b), b -> "G" + b + "T / HTTP/1.1\r\nHost: a\r\n\r\n");
  }

  @Test
  void onlyTokenBytesMakeAFieldName() {
    assertBytes(b -> token(b) || b == ':', b -> request("X" + b + "Y: z"));
    assertBytes(b -> token(b), b -> request(b + ": z"));
  }

  @Test
  void onlyPrintableBytesBlanksAndTabsMakeAFieldValue() {
    IntPredicate value = b -> b == '\t' || (b >= ' ' && b != 0x7f);
    assertBytes(value, b -> request("X: y" + b + "z"));
    assertBytes(value, b -> request("X:" + b));
    assertBytes(value, b -> request("X: y" + b));
  }

  @Test
  void onlyPrintableAsciiMakesATarget() {
    assertBytes(
        b -> b > ' ' && b < 0x7f && b != '\\' && b != '#' && b != '%',
        b -> "GET /a" + b + "b HTTP/1.1\r\nHost: a\r\n\r\n");
    assertBytes(b -> b == '/', b -> "GET " + b + " HTTP/1.1\r\nHost: a\r\n\r\n");
  }

  @Test
  void nothingButTheVersionEndsARequestLine() {
    assertBytes(b -> b >= '0' && b <= '9', b -> "GET / HTTP/1." + b + "\r\nHost: a\r\n\r\n");
    assertBytes(b -> b == '1', b -> "GET / HTTP/" + b + ".1\r\nHost: a\r\n\r\n");
    assertBytes(b -> b == '/', b -> "GET / HTTP" + b + "1.1\r\nHost: a\r\n\r\n");
    assertBytes(b -> b == '\r', b -> "GET / HTTP/1.1" + b + "\nHost: a\r\n\r\n");
    assertBytes(b -> b == '\n', b -> "GET / HTTP/1.1\r" + b + "Host: a\r\n\r\n");
  }

  @Test
  void linesEndInCrlfOnly() {
    assertBytes(b -> b == '\r', b -> "GET / HTTP/1.1\r\nHost: a\r\nX: y" + b + "\n\r\n");
    assertBytes(b -> b == '\n', b -> "GET / HTTP/1.1\r\nHost: a\r\nX: y\r" + b + "\r\n");
    assertBytes(b -> b == '\n', b -> "GET / HTTP/1.1\r\nHost: a\r\n\r" + b);
  }

  private static String request(String line) {
    return "GET / HTTP/1.1\r\nHost: a\r\n" + line + "\r\n\r\n";
  }

  private static boolean token(int b) {
    return (b >= '0' && b <= '9')
        || (b >= 'a' && b <= 'z')
        || (b >= 'A' && b <= 'Z')
        || TOKEN_MARKS.indexOf(b) >= 0;
  }

  /** Each of the 256 bytes in one place: accepted exactly when it is allowed. */
  private static void assertBytes(
      IntPredicate allowed, java.util.function.Function<Character, String> text) {
    for (int b = 0; b < 256; b++) {
      String head = text.apply((char) b);
      Head parsed = Heads.empty();
      // A head that a byte has made endless is not accepted either.
      boolean accepted = Heads.feed(REQUESTS, parsed, head + "\r\n\r\n") && parsed.fault == null;
      assertThat(accepted).as("byte %s in %s", b, head).isEqualTo(allowed.test(b));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"\n", "\r", "\r\r\n", "\r\n\r\n", " ", "\r\n ", "\0", "\t\r\n", "\r\n\n"})
  void nothingButOneEmptyLineMayComeBeforeARequest(String before) {
    assertThat(fault(REQUESTS, before + "GET / HTTP/1.1\r\nHost: a\r\n\r\n"))
        .isEqualTo(Fault.BAD_REQUEST_LINE);
  }

  @Test
  void anEmptyLineBeforeAResponseIsNonsense() {
    assertThat(fault(RESPONSES, "\r\nHTTP/1.1 200 OK\r\n\r\n")).isEqualTo(Fault.BAD_STATUS_LINE);
  }

  @Test
  void randomHeadsReadTheSameInRandomPieces() {
    SplittableRandom random = new SplittableRandom(11);
    String[] parts = {
      "GET ",
      "/",
      "a",
      "?",
      " HTTP/1.1",
      "\r\n",
      "Host: a",
      ":",
      " ",
      "\t",
      "X",
      "_",
      "%2e",
      "..",
      "http://b",
      "\r",
      "\n",
      "Content-Length: 1",
      "Transfer-Encoding: chunked",
      "\u0080",
      "\0"
    };
    for (int round = 0; round < 20_000; round++) {
      StringBuilder text = new StringBuilder(random.nextBoolean() ? "GET / HTTP/1.1\r\n" : "");
      for (int n = random.nextInt(12); n >= 0; n--) {
        text.append(parts[random.nextInt(parts.length)]);
      }
      text.append("\r\n\r\n");
      Head whole = Heads.empty();
      Heads.feed(REQUESTS, whole, text.toString());
      Head pieces = Heads.empty();
      boolean done = false;
      for (int at = 0; at < text.length() && !done; ) {
        int to = Math.min(text.length(), at + 1 + random.nextInt(6));
        done = Heads.feed(REQUESTS, pieces, text.substring(at, to));
        at = to;
      }
      assertThat(Heads.describe(pieces)).as("%s", text).isEqualTo(Heads.describe(whole));
    }
  }
}
