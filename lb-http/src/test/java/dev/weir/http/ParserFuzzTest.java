package dev.weir.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.util.List;
import org.junit.jupiter.api.AfterAll;

/**
 * Parsers under Jazzer: in a normal test run each replays the inputs in {@code
 * src/test/resources/dev/weir/http/ParserFuzzTestInputs}; with {@code JAZZER_FUZZ=1} in the
 * environment and one method chosen, Jazzer looks for others.
 */
final class ParserFuzzTest {
  private static final HeadParser REQUESTS = HeadParser.requests(8 * 1024, 32 * 1024, 100);
  private static final HeadParser RESPONSES = HeadParser.responses(64 * 1024, 256);
  private static Wire wire;

  @AfterAll
  static void close() {
    if (wire != null) {
      wire.close();
      wire = null;
    }
  }

  @FuzzTest
  void requestHead(byte[] data) {
    Head whole = readBothWays(REQUESTS, data);
    if (whole == null || whole.fault != null) {
      return;
    }
    // What is written of it reads as the same: the fields that were not dropped, no others.
    HeadWriter writer = new HeadWriter();
    writer.add(Chars.bytes("GET / HTTP/1.1\r\nHost: x\r\n"));
    for (int i = 0; i < whole.count(); i++) {
      if (whole.name(i) != Name.OTHER) {
        whole.drop(i);
      }
    }
    writer.addFields(whole).add(Chars.bytes("\r\n"));
    Head again = Heads.request(Chars.text(writer.array(), 0, writer.length()));
    assertThat(again.fault).isNull();
    int at = 1;
    for (int i = 0; i < whole.count(); i++) {
      if (!whole.dropped(i)) {
        assertThat(again.value(at)).isEqualTo(whole.value(i));
        assertThat(again.canonical(at)).isTrue();
        at++;
      }
    }
    assertThat(again.count()).isEqualTo(at);
  }

  @FuzzTest
  void responseHead(byte[] data) {
    Head head = readBothWays(RESPONSES, data);
    if (head != null && head.fault == null) {
      assertThat(head.status).isBetween(100, 599);
    }
  }

  /** Whole and byte by byte; null when it is incomplete. */
  private static Head readBothWays(HeadParser parser, byte[] data) {
    String text = Chars.text(data, 0, data.length);
    Head whole = Heads.empty();
    boolean done = Heads.feed(parser, whole, text);
    Head single = Heads.empty();
    boolean singleDone = false;
    for (int i = 0; i < text.length() && !singleDone; i++) {
      singleDone = Heads.feed(parser, single, text.substring(i, i + 1));
    }
    if (singleDone) {
      // A fault may show earlier in the whole than in pieces, never the other way round.
      assertThat(done).isTrue();
      assertThat(whole.fault == null).isEqualTo(single.fault == null);
      assertThat(Heads.describe(whole)).isEqualTo(Heads.describe(single));
    } else {
      assertThat(done && whole.fault == null).isFalse();
    }
    return done ? whole : null;
  }

  @FuzzTest
  void chunkedBody(byte[] data) {
    String text = Chars.text(data, 0, data.length);
    String whole = ChunkDecoderTest.decode(text);
    String single = ChunkDecoderTest.decode(text.split(""));
    assertThat(whole.replaceAll("\\d+\\z", "")).isEqualTo(single.replaceAll("\\d+\\z", ""));
    String request = "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n" + text;
    List<Reference.Request> meant = Reference.requests(request);
    if (!meant.isEmpty()) {
      assertThat(whole).startsWith(meant.get(0).body() + ".");
    }
  }

  @FuzzTest
  void path(byte[] data) {
    String text = "/" + Chars.text(data, 0, data.length);
    Head head = Heads.empty();
    boolean done = Heads.feed(REQUESTS, head, "GET " + text + " HTTP/1.1\r\nHost: a\r\n\r\n");
    int end = text.indexOf('?');
    String path = end < 0 ? text : text.substring(0, end);
    if (done && head.fault == null) {
      assertThat(Heads.path(head)).isEqualTo(PathRulesTest.model(path));
      assertThat(PathRulesTest.model(Heads.path(head))).isEqualTo(Heads.path(head));
    } else if (text.chars().allMatch(c -> c > ' ' && c < 0x7f && c != '\\' && c != '#')
        && text.length() < 8_000) {
      assertThat(PathRulesTest.model(path)).isNull();
    }
  }

  @FuzzTest
  void host(byte[] data) {
    String text = Chars.text(data, 0, data.length);
    assertThat(FieldRules.validHost(data, 0, data.length)).isEqualTo(Reference.host(text));
  }

  @FuzzTest
  void cookies(byte[] data) {
    Head head = fields("Cookie: ", data);
    if (head == null) {
      return;
    }
    for (String name : List.of("a", "session", "__Host-id")) {
      String found = null;
      for (int i = 1; i < head.count() && found == null; i++) {
        for (String pair : head.value(i).split(";", -1)) {
          String trimmed = pair.replaceAll("^[ \\t]+|[ \\t]+\\z", "");
          if (found == null && trimmed.startsWith(name + "=")) {
            found = trimmed.substring(name.length() + 1);
          }
        }
      }
      long slice = CookieCondition.find(head, Chars.bytes(name));
      assertThat(slice < 0 ? null : Chars.text(head.bytes, (int) (slice >> 32), (int) slice))
          .isEqualTo(found);
    }
  }

  @FuzzTest
  void query(byte[] data) {
    String text = Chars.text(data, 0, data.length);
    Head head = Heads.empty();
    String line = "GET /?" + text + " HTTP/1.1\r\nHost: a\r\n\r\n";
    if (!Heads.feed(REQUESTS, head, line)
        || head.fault != null
        || head.targetEnd - 6 != text.length()) {
      return;
    }
    String found = null;
    for (String parameter : text.split("&", -1)) {
      String[] sides = parameter.split("=", 2);
      if (found == null && decoded(sides[0]).equals("a b")) {
        found = sides.length == 1 ? "" : decoded(sides[1]);
      }
    }
    long slice = QueryCondition.find(head, Chars.bytes("a b"));
    if (slice < 0) {
      assertThat(found).isNull();
    } else {
      byte[] value = QueryCondition.decoded(head.bytes, (int) (slice >> 32), (int) slice);
      assertThat(Chars.text(value, 0, value.length)).isEqualTo(found);
    }
  }

  /** As forms are decoded; what is no encoding stands for itself. */
  private static String decoded(String text) {
    StringBuilder decoded = new StringBuilder();
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '%' && text.substring(i).matches("(?s)%[0-9A-Fa-f]{2}.*")) {
        decoded.append((char) Integer.parseInt(text.substring(i + 1, i + 3), 16));
        i += 2;
      } else {
        decoded.append(c == '+' ? ' ' : c);
      }
    }
    return decoded.toString();
  }

  /** A head with a field of this beginning and rest; null when that makes no good head. */
  private static Head fields(String begin, byte[] data) {
    Head head = Heads.empty();
    String text = begin + Chars.text(data, 0, data.length);
    String whole = "GET / HTTP/1.1\r\nHost: a\r\n" + text + "\r\n\r\n";
    return Heads.feed(REQUESTS, head, whole) && head.fault == null ? head : null;
  }

  @FuzzTest
  void connection(byte[] data) throws Exception {
    if (wire == null) {
      wire = new Wire();
    }
    String text = Chars.text(data, 0, data.length);
    List<String> meant =
        Reference.requests(text).stream()
            .map(r -> r.method() + " " + r.target() + " " + OtherParsers.hex(r.body()))
            .toList();
    Wire.Result result = wire.run(List.of(text), DifferentialTest::echo);
    assertThat(OtherParsers.netty(result.upstream())).isEqualTo(meant);
  }
}
