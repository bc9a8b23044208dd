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
