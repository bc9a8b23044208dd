package dev.weir.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What single fields, and fields together, must and must not say. */
final class FieldRulesTest {
  private static Fault fault(String... lines) {
    return Heads.fields(lines).fault;
  }

  /** The names of the fields that would be written. */
  private static List<String> kept(Head head) {
    List<String> names = new ArrayList<>();
    for (int i = 0; i < head.count(); i++) {
      if (!head.dropped(i)) {
        names.add(Chars.text(head.bytes, head.nameStart(i), head.nameEnd(i)));
      }
    }
    return names;
  }

  // ---- Content-Length

  @ParameterizedTest
  @ValueSource(strings = {"0", "5", "00005", "999999999999999999"})
  void aContentLengthIsANumber(String value) {
    Head head = Heads.fields("Content-Length: " + value);
    assertThat(head.fault).isNull();
    assertThat(head.contentLength).isEqualTo(Long.parseLong(value));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "+5",
        "-5",
        "-0",
        "0x5",
        "5.0",
        "1e3",
        "5 5",
        "5,5",
        "5;5",
        "\"5\"",
        "a",
        "\u0665",
        "1000000000000000000",
        "18446744073709551621",
        "5\t5"
      })
  void whatIsNoNumberIsNoContentLength(String value) {
    assertThat(fault("Content-Length: " + value)).isEqualTo(Fault.BAD_CONTENT_LENGTH);
  }

  @Test
  void equalContentLengthsBecomeOneAndOthersAreRefused() {
    Head equal = Heads.fields("Content-Length: 5", "content-length: 05", "Content-Length: 5");
    assertThat(equal.fault).isNull();
    assertThat(kept(equal)).containsExactly("Host", "Content-Length");
    assertThat(fault("Content-Length: 5", "Content-Length: 6"))
        .isEqualTo(Fault.REPEATED_CONTENT_LENGTH);
    assertThat(fault("Content-Length: 5", "Content-Length: 5", "Content-Length: 50"))
        .isEqualTo(Fault.REPEATED_CONTENT_LENGTH);
  }

  // ---- Transfer-Encoding

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "chunked|",
        "Chunked|",
        "CHUNKED|",
        "'chunked\t'|",
        "'chunked,'|",
        "''|BAD_TRANSFER_ENCODING",
        "identity|BAD_TRANSFER_ENCODING",
        "gzip|BAD_TRANSFER_ENCODING",
        "xchunked|BAD_TRANSFER_ENCODING",
        "chunkedx|BAD_TRANSFER_ENCODING",
        "'chunked;q=1'|BAD_TRANSFER_ENCODING",
        "'\"chunked\"'|BAD_TRANSFER_ENCODING",
        "'chunked,chunked'|BAD_TRANSFER_ENCODING",
        "'chunked, gzip'|BAD_TRANSFER_ENCODING",
        "'chunked, identity'|BAD_TRANSFER_ENCODING",
        "'chunked chunked'|BAD_TRANSFER_ENCODING",
        "'gzip, chunked'|UNKNOWN_CODING",
        "'identity, chunked'|UNKNOWN_CODING",
        "',chunked'|UNKNOWN_CODING",
      })
  void theOnlyTransferCodingIsOneChunked(String value, Fault fault) {
    Head head = Heads.fields("Transfer-Encoding: " + value);
    assertThat(head.fault).isEqualTo(fault);
    assertThat(kept(head)).doesNotContain("Transfer-Encoding");
    if (fault == null) {
      assertThat(head.chunked).isTrue();
    }
  }

  @Test
  void transferEncodingsOnSeveralLinesAreOneList() {
    String line = "Transfer-Encoding: ";
    assertThat(fault(line + "chunked", line + "chunked")).isEqualTo(Fault.BAD_TRANSFER_ENCODING);
    assertThat(fault(line + "chunked", line + "identity")).isEqualTo(Fault.BAD_TRANSFER_ENCODING);
    assertThat(fault(line + "chunked", line)).isEqualTo(Fault.UNKNOWN_CODING);
    assertThat(fault(line + "identity", line + "chunked")).isEqualTo(Fault.UNKNOWN_CODING);
  }

  @Test
  void lengthAndChunkedTogetherAreRefusedInEitherOrder() {
    assertThat(fault("Content-Length: 5", "Transfer-Encoding: chunked"))
        .isEqualTo(Fault.LENGTH_AND_CHUNKED);
    assertThat(fault("Transfer-Encoding: chunked", "Content-Length: 0"))
        .isEqualTo(Fault.LENGTH_AND_CHUNKED);
    assertThat(fault("Transfer-Encoding: gzip", "Content-Length: 5"))
        .isEqualTo(Fault.LENGTH_AND_CHUNKED);
  }

  @Test
  void transferEncodingInHttp10IsRefused() {
    assertThat(
            Heads.request("POST / HTTP/1.0\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n").fault)
        .isEqualTo(Fault.CHUNKED_IN_HTTP_1_0);
    assertThat(Heads.response("HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n").fault)
        .isEqualTo(Fault.CHUNKED_IN_HTTP_1_0);
  }

  // ---- Host

  @ParameterizedTest
  @ValueSource(
      strings = {
        "a",
        "A.Example.COM",
        "a.",
        "a:80",
        "a:",
        "a:0",
        "a:65535",
        "127.0.0.1:8080",
        "[::1]",
        "[2001:db8::1]:443",
        "[::ffff:1.2.3.4]",
        "x_y",
        "a%41b",
        "-",
        "a,b",
        "(a)"
      })
  void validHosts(String host) {
    assertThat(Heads.request("GET / HTTP/1.1\r\nHost: " + host + "\r\n\r\n").fault).isNull();
    assertThat(Heads.request("GET http://" + host + "/ HTTP/1.1\r\nHost: b\r\n\r\n").fault)
        .isNull();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        ":80",
        "a b",
        "a/b",
        "a?b",
        "u@a",
        "u:p@a",
        "a:b",
        "a:80:80",
        "a:65536",
        "a:000080",
        "a:+80",
        "a:-1",
        "[::1",
        "::1",
        "[]",
        "[::g]",
        "[1.2.3.4]",
        "[:::]",
        "[::1]a",
        "[::1%eth0]",
        "[v1.a]",
        "a\tb",
        "a%",
        "a%4",
        "a%zz",
        "\u00e4",
        "a\"",
        "<a>",
        "a[::1]",
        "http://a"
      })
  void invalidHosts(String host) {
    assertThat(Heads.request("GET / HTTP/1.1\r\nHost: " + host + "\r\n\r\n").fault)
        .isEqualTo(Fault.BAD_HOST);
    assertThat(Heads.request("GET / HTTP/1.0\r\nHost: " + host + "\r\n\r\n").fault)
        .isEqualTo(Fault.BAD_HOST);
  }

  @Test
  void exactlyOneHost() {
    assertThat(Heads.request("GET / HTTP/1.1\r\n\r\n").fault).isEqualTo(Fault.MISSING_HOST);
    assertThat(Heads.request("GET http://a/ HTTP/1.1\r\n\r\n").fault).isEqualTo(Fault.MISSING_HOST);
    assertThat(Heads.request("GET / HTTP/1.0\r\n\r\n").fault).isNull();
    assertThat(fault("host: a")).isEqualTo(Fault.REPEATED_HOST);
    assertThat(fault("HOST: b")).isEqualTo(Fault.REPEATED_HOST);
  }

  // ---- Connection and what it names

  @Test
  void connectionSaysWhatBecomesOfTheConnection() {
    assertThat(Heads.fields("Connection: Close").connectionClose).isTrue();
    assertThat(Heads.fields("Connection: x , Keep-Alive").connectionKeepAlive).isTrue();
    assertThat(Heads.fields("Connection: a", "connection:UPGRADE").connectionUpgrade).isTrue();
    assertThat(Heads.fields("Connection: closed, keep").connectionClose).isFalse();
    assertThat(Heads.fields("Connection: ,,").fault).isNull();
  }

  @ParameterizedTest
  @ValueSource(strings = {"\"close\"", "a b", "a;b", "close/1", "@", "a:b", "\u00e4"})
  void connectionIsAListOfTokens(String value) {
    assertThat(fault("Connection: " + value)).isEqualTo(Fault.BAD_CONNECTION);
  }

  @Test
  void fieldsThatConnectionNamesAreDroppedInWhateverCaseAndOrder() {
    Head head =
        Heads.fields("x-HOP: 1", "Connection: close, X-Hop , Y", "Y: 1", "X-Hop: 2", "X-Hop2: 3");
    assertThat(kept(head)).containsExactly("Host", "X-Hop2");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Authorization", "X-Forwarded-For", "X-Forwarded-Proto", "X-Forwarded-Host", "Forwarded",
        "X-Forwarded-Port", "X-Forwarded-Prefix", "X-Real-Ip", "X-Request-Id", "Date",
        "Content-Length"
      })
  void fieldsThatTheBackendReliesOnCannotBeNamedAway(String name) {
    Head head =
        Heads.fields("Connection: " + name.toLowerCase(java.util.Locale.ROOT), name + ": 1");
    assertThat(kept(head)).containsExactly("Host", name);
    assertThat(kept(Heads.fields("Connection: host"))).containsExactly("Host");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Connection: x", "Keep-Alive: 5", "Proxy-Connection: close", "Proxy: http://evil",
        "TE: trailers", "Upgrade: ws", "HTTP2-Settings: AAMA", "Transfer-Encoding: chunked"
      })
  void hopByHopFieldsGoNoFurther(String line) {
    assertThat(kept(Heads.fields(line))).containsExactly("Host");
  }

  // ---- Upgrade, Expect, TE, credentials

  @ParameterizedTest
  @CsvSource({
    "Connection: Upgrade|Upgrade: websocket, true",
    "Connection: keep-alive|Upgrade: websocket, false",
    "Connection: Upgrade, false",
    "Upgrade: websocket, false",
    "Connection: Upgrade|Upgrade: h2c, false",
    "Connection: Upgrade|Upgrade: H2C; x, true",
    "Connection: Upgrade|Upgrade: websocket|Content-Length: 0, true",
    "Connection: Upgrade|Upgrade: websocket|Content-Length: 1, false",
    "Connection: Upgrade|Upgrade: websocket|Transfer-Encoding: chunked, false",
  })
  void anUpgradeIsPassedOnWhenItIsAskedForInFull(String lines, boolean wanted) {
    assertThat(FieldRules.wantsUpgrade(Heads.fields(lines.split("\\|")))).isEqualTo(wanted);
  }

  @Test
  void h2cAmongOthersIsNotPassedOn() {
    assertThat(
            FieldRules.wantsUpgrade(Heads.fields("Connection: Upgrade", "Upgrade: websocket, h2c")))
        .isFalse();
  }

  @Test
  void onlyTheExpectationOfContinueIsKnown() {
    assertThat(Heads.fields("Expect: 100-Continue").expectContinue).isTrue();
    assertThat(fault("Expect: 200-ok")).isEqualTo(Fault.BAD_EXPECTATION);
    assertThat(fault("Expect:")).isEqualTo(Fault.BAD_EXPECTATION);
    assertThat(fault("Expect: 100-continue", "Expect: x")).isEqualTo(Fault.BAD_EXPECTATION);
    assertThat(fault("Expect: x", "Expect: 100-continue")).isEqualTo(Fault.BAD_EXPECTATION);
    assertThat(fault("Expect: 100-continue", "Expect: 100-continue")).isNull();
    assertThat(Heads.request("GET / HTTP/1.0\r\nExpect: x\r\n\r\n").fault).isNull();
  }

  @Test
  void trailersAreWantedOnlyWhenTeSaysSo() {
    assertThat(Heads.fields("TE: gzip, Trailers").teTrailers).isTrue();
    assertThat(Heads.fields("TE: trailers;q=0").teTrailers).isFalse();
    assertThat(Heads.fields("TE: deflate").teTrailers).isFalse();
  }

  @ParameterizedTest
  @CsvSource({
    "NTLM, true",
    "ntlm abc, true",
    "Negotiate, true",
    "Basic realm=x, false",
    "Bearer, false"
  })
  void connectionsBoundToCredentialsAreSeen(String scheme, boolean bound) {
    assertThat(
            Heads.response("HTTP/1.1 401 No\r\nWWW-Authenticate: " + scheme + "\r\n\r\n")
                .credentialBound)
        .isEqualTo(bound);
  }

  // ---- trailers

  @Test
  void trailersHoldNothingThatFramesRoutesOrIdentifies() {
    Head trailers = new Head(new HeadSpace());
    trailers.clearForTrailers();
    String lines =
        "Content-Length: 5\r\nTransfer-Encoding: chunked\r\nHost: evil\r\nX-Check: 1\r\n"
            + "Authorization: x\r\nX-Forwarded-For: 6.6.6.6\r\nX_Forwarded_For: 6.6.6.6\r\n"
            + "Connection: X-Check\r\nTE: x\r\nExpect: x\r\n\r\n";
    assertThat(Heads.feed(HeadParser.requests(100, 1000, 20), trailers, lines)).isTrue();
    assertThat(trailers.fault).isNull();
    assertThat(kept(trailers)).containsExactly("X-Check");
  }
}
