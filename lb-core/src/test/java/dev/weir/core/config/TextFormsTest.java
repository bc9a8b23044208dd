package dev.weir.core.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TextFormsTest {
  @Test
  void durationsAreReadAndWritten() {
    assertThat(Durations.parse("500ms")).isEqualTo(Duration.ofMillis(500));
    assertThat(Durations.parse("1h2m3s4ms"))
        .isEqualTo(Duration.ofHours(1).plusMinutes(2).plusSeconds(3).plusMillis(4));
    for (String text : List.of("0s", "2s", "1m30s", "24h", "1h1ms")) {
      assertThat(Durations.format(Durations.parse(text))).isEqualTo(text);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "1", "s", "1 s", "-1s", "1d", "1s ", "1.5s", "9999999999s", "1sx"})
  void whatIsNoDurationIsRefused(String text) {
    assertThatThrownBy(() -> Durations.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("must be a duration such as");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "127.0.0.1:80",
        "[::1]:0",
        "host:65535",
        "a-b.c_d.example.com:1",
        "localhost.:9",
        "1a:1"
      })
  void addressesAreReadAndWritten(String text) {
    assertThat(HostPort.parse(text)).hasToString(text);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "80",
        ":80",
        "*:80",
        "h:",
        "h:65536",
        "h:1x",
        "::1:80",
        "[x]:1",
        "[]:1",
        "a b:1",
        "1.2.3.4.5:1",
        "999.1.1.1:1",
        "1.2.3:1",
        "-a:1",
        "a..b:1",
        "h:-1",
        "h\n:1",
        "[::1:1"
      })
  void whatIsNoAddressIsRefusedWithASentence(String text) {
    assertThatThrownBy(() -> HostPort.parse(text)).isInstanceOf(IllegalArgumentException.class);
    assertThat(Form.BIND.wrong(text)).isPresent();
  }

  @Test
  void aBackendNeedsAPort() {
    assertThat(Form.ADDRESS.wrong("h:0")).hasValue("the port of a backend must be 1..65535, is 0");
    assertThat(Form.BIND.wrong("h:0")).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"127.0.0.1:80", "[::]:7000-7031", "h:1-1024", "unix:/run/a b.sock", "unix:/s"})
  void whatListenersBindToIsReadAndWritten(String text) {
    assertThat(HostPort.parseBind(text)).hasToString(text);
    assertThat(HostPort.read(text)).isEqualTo(HostPort.parseBind(text));
    assertThat(Form.LISTEN.wrong(text)).isEmpty();
    assertThat(text).matches(Form.LISTEN.pattern());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "h:7031-7000",
        "h:0-5",
        "h:1-1025",
        "h:65000-65536",
        "h:1-",
        "h:1-2-3",
        "h:+1",
        "unix:",
        "unix:run/web.sock",
        "unix:/run/",
        "unix:/run/\u0000"
      })
  void whatNoListenerCanBindToIsRefused(String text) {
    assertThat(Form.LISTEN.wrong(text)).isPresent();
  }

  @Test
  void whatIsWrongWithARangeOrAPathIsSaid() {
    assertThat(Form.LISTEN.wrong("h:7031-7000"))
        .hasValue("a range of ports goes from a port to a greater one, is 7031-7000");
    assertThat(Form.LISTEN.wrong("h:1-1025")).hasValue("a range has at most 1024 ports, has 1025");
    assertThat(Form.LISTEN.wrong("unix:web.sock"))
        .hasValue("the path of a Unix socket must begin with '/' and name a file, is 'web.sock'");
    assertThat(Form.LISTEN.wrong("unix:/" + "x".repeat(106))).isEmpty();
    assertThat(Form.LISTEN.wrong("unix:/" + "\u00e9".repeat(54)).orElseThrow())
        .startsWith("the path of a Unix socket has at most 107 bytes, ")
        .endsWith(" has 109");
  }

  @ParameterizedTest
  @ValueSource(strings = {"10.0.0.5:80", "[::1]:+0", "h:+65535", "h:-1000", "unix:/run/app.sock"})
  void whereBackendsListenIsReadAndWritten(String text) {
    assertThat(HostPort.parseAddress(text)).hasToString(text);
    assertThat(HostPort.read(text)).isEqualTo(HostPort.parseAddress(text));
    assertThat(Form.ADDRESS.wrong(text)).isEmpty();
    assertThat(text).matches(Form.ADDRESS.pattern());
  }

  @ParameterizedTest
  @ValueSource(strings = {"h:1-2", "h:0", "h:+65536", "h:+", "h:++1", "unix:app.sock"})
  void whereNoBackendCanListenIsRefused(String text) {
    assertThat(Form.ADDRESS.wrong(text)).isPresent();
  }

  @Test
  void aSourceIsAnAddressOrTheClients() {
    assertThat(Form.SOURCE.wrong("10.0.0.9")).isEmpty();
    assertThat(Form.SOURCE.wrong("::1")).isEmpty();
    assertThat(Form.SOURCE.wrong("client")).isEmpty();
    for (String text : List.of("", "0.0.0.0", "::", "host", "10.0.0.9:80", "10.0.0.0/8")) {
      assertThat(Form.SOURCE.wrong(text)).as(text).isPresent();
    }
  }

  @Test
  void networksContainTheirAddresses() throws UnknownHostException {
    assertThat(Cidr.parse("10.0.0.0/8").contains(address("10.255.0.1"))).isTrue();
    assertThat(Cidr.parse("10.0.0.0/8").contains(address("11.0.0.1"))).isFalse();
    assertThat(Cidr.parse("10.1.2.128/25").contains(address("10.1.2.127"))).isFalse();
    assertThat(Cidr.parse("10.1.2.128/25").contains(address("10.1.2.129"))).isTrue();
    assertThat(Cidr.parse("10.1.2.3").contains(address("10.1.2.3"))).isTrue();
    assertThat(Cidr.parse("0.0.0.0/0").contains(address("255.1.2.3"))).isTrue();
    assertThat(Cidr.parse("0.0.0.0/0").contains(address("::1"))).isFalse();
    assertThat(Cidr.parse("2001:db8::/32").contains(address("2001:db8:ffff::1"))).isTrue();
    assertThat(Cidr.parse("2001:db8::/32").contains(address("2001:db9::1"))).isFalse();
    assertThat(Cidr.parse("::ffff:10.0.0.0/8").contains(address("10.9.9.9"))).isTrue();
  }

  private static InetAddress address(String text) throws UnknownHostException {
    return InetAddress.getByName(text);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "localhost", "10.0.0.0/33", "10.0.0.0/-1", "10.0.0.0/x", "1.2.3/8", ":::/8"})
  void whatIsNoNetworkIsRefused(String text) {
    assertThatThrownBy(() -> Cidr.parse(text)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void misspeltNamesFindTheirNeighbours() {
    List<String> known = List.of("balance", "backends", "health", "retries", "timeouts");
    assertThat(Suggest.closest("blance", known)).hasValue("balance");
    assertThat(Suggest.closest("balnace", known)).hasValue("balance");
    assertThat(Suggest.closest("Backend", known)).hasValue("backends");
    assertThat(Suggest.closest("xyz", known)).isEmpty();
    assertThat(Suggest.closest("", known)).isEmpty();
    assertThat(Suggest.closest("x".repeat(1_000), known)).isEmpty();
  }
}
