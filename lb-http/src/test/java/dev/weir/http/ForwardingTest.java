package dev.weir.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.core.config.ListenerConfig;
import dev.weir.core.config.ProxyProtocolConfig;
import dev.weir.core.net.CidrSet;
import dev.weir.core.net.ProxyVersion;
import dev.weir.core.observe.Cause;
import java.net.InetSocketAddress;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What backends are told of the hops before them, and what they are not told. */
@Timeout(60)
final class ForwardingTest {
  private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";
  private static final String TRUST = "trustedProxies: [127.0.0.0/8, 10.0.0.0/8]\n";
  private static final String ALL = "forwarding: { forwarded: true, via: weir }\n";

  /** The head that the backend gets of a request with these lines. */
  private static String forwarded(String keys, String... lines) throws Exception {
    return forwarded(listener(keys), "", "GET / HTTP/1.1\r\nHost: a.example:81\r\n", lines);
  }

  private static ListenerConfig listener(String keys) {
    return Yaml.listener(keys + "pool: web\n");
  }

  private static String forwarded(
      ListenerConfig listener, String before, String request, String... lines) throws Exception {
    StringBuilder text = new StringBuilder(before).append(request);
    for (String line : lines) {
      text.append(line).append("\r\n");
    }
    try (RawBackend backend = RawBackend.answering(OK);
        Proxy proxy = new Proxy(listener, Proxy.pooling(null), backend.address());
        RawClient client = proxy.client()) {
      assertThat(client.send(text.append("\r\n").toString()).readResponse()).endsWith("ok");
      return backend.requests.poll();
    }
  }

  /** The values of a field, all lines of it. */
  private static List<String> values(String head, String name) {
    return head.lines()
        .filter(line -> line.regionMatches(true, 0, name + ":", 0, name.length() + 1))
        .map(line -> line.substring(name.length() + 1).strip())
        .toList();
  }

  // ---- 24: what Connection names

  @Test
  void whatTellsOfTheClientCannotBeNamedAway() throws Exception {
    String head =
        forwarded(
            TRUST + ALL,
            "Connection: X-Forwarded-For, x-forwarded-ssl, Forwarded, Via, X-Hop, Host",
            "X-Forwarded-For: 192.0.2.1",
            "X-Forwarded-Ssl: on",
            "Forwarded: for=192.0.2.1",
            "Via: 1.1 front",
            "X-Hop: 1");
    assertThat(values(head, "X-Forwarded-For")).containsExactly("192.0.2.1, 127.0.0.1");
    assertThat(values(head, "X-Forwarded-Ssl")).containsExactly("on");
    assertThat(values(head, "Forwarded"))
        .containsExactly("for=192.0.2.1, for=127.0.0.1;host=\"a.example:81\";proto=http");
    assertThat(values(head, "Via")).containsExactly("1.1 front", "1.1 weir");
    assertThat(values(head, "Host")).containsExactly("a.example:81");
    assertThat(head).doesNotContain("X-Hop", "Connection");
  }

  // ---- 25: httpoxy

  @ParameterizedTest
  @ValueSource(strings = {"Proxy: http://evil", "proxy: x", "PROXY:x"})
  void proxyGoesNoFurther(String line) throws Exception {
    assertThat(forwarded(TRUST, line)).doesNotContainIgnoringCase("\r\nproxy");
  }

  // ---- 26: who the client is

  @ParameterizedTest
  @ValueSource(
      strings = {
        "X-Forwarded-For",
        "x-forwarded-for",
        "X_Forwarded_For",
        "X-Forwarded_For",
        "X-FORWARDED-PROTO",
        "X-Forwarded-Host",
        "X-Forwarded-Port",
        "X-Forwarded-Prefix",
        "X-Forwarded-Ssl",
        "x-forwarded-anything",
        "X_FORWARDED_SSL",
        "Forwarded",
        "FORWARDED",
        "X-Real-IP",
        "x_real_ip",
        "X-Request-Id"
      })
  void nothingIsBelievedOfAStranger(String name) throws Exception {
    for (String keys : List.of("", ALL, "forwarding: { xForwarded: false }\n")) {
      // Named by Connection a field would go anyway.
      String named = keys.equals(ALL) ? "Connection: close, " + name : "X-Other: 1";
      String head = forwarded(keys, name + ": evil-6.6.6.6", name + ": evil", named);
      assertThat(head).doesNotContain("evil").doesNotContain("_");
      boolean written = !keys.contains("false");
      assertThat(values(head, "X-Forwarded-For"))
          .isEqualTo(written ? List.of("127.0.0.1") : List.of());
      assertThat(values(head, "X-Forwarded-Proto"))
          .isEqualTo(written ? List.of("http") : List.of());
      assertThat(values(head, "X-Forwarded-Host"))
          .isEqualTo(written ? List.of("a.example:81") : List.of());
      assertThat(values(head, "X-Forwarded-Port")).hasSize(written ? 1 : 0);
    }
  }

  @Test
  void aTrustedProxyIsBelievedAndPutBehindWhatItSays() throws Exception {
    String head =
        forwarded(
            TRUST + "forwarding: { forwarded: true }\n",
            "X-Forwarded-For: 192.0.2.1",
            "Forwarded: for=192.0.2.1;by=_x",
            "x-forwarded-for: 10.0.0.1",
            "forwarded: for=\"[2001:db8::1]:47\"",
            "X-Forwarded-Proto: https");
    assertThat(values(head, "X-Forwarded-For")).containsExactly("192.0.2.1, 10.0.0.1, 127.0.0.1");
    assertThat(values(head, "Forwarded"))
        .containsExactly(
            "for=192.0.2.1;by=_x, for=\"[2001:db8::1]:47\", "
                + "for=127.0.0.1;host=\"a.example:81\";proto=http");
    assertThat(values(head, "X-Forwarded-Proto")).containsExactly("https");
    assertThat(values(head, "X-Real-IP")).isEmpty();
  }

  @Test
  void whatIsSwitchedOffIsLeftAsATrustedProxyHasWrittenIt() throws Exception {
    String head =
        forwarded(
            TRUST + "forwarding: { xForwarded: false }\n",
            "X-Forwarded-For: 192.0.2.1",
            "Forwarded: for=192.0.2.1");
    assertThat(values(head, "X-Forwarded-For")).containsExactly("192.0.2.1");
    assertThat(values(head, "Forwarded")).containsExactly("for=192.0.2.1");
    assertThat(head).doesNotContain("X-Forwarded-Port", "X-Forwarded-Host", "Via:");
  }

  @Test
  void aQuoteThatDoesNotEndTakesNothingOfOurs() throws Exception {
    String head =
        forwarded(
            TRUST + ALL,
            "Forwarded: for=\"192.0.2.1",
            "Forwarded: for=\"a\\\"b\"",
            "Forwarded: for=\"x\\",
            "Forwarded:");
    assertThat(values(head, "Forwarded"))
        .containsExactly("for=\"a\\\"b\", for=127.0.0.1;host=\"a.example:81\";proto=http");
  }

  @Test
  void forwardedQuotesWhatIsNoToken() throws Exception {
    ListenerConfig listener =
        listener(ALL)
            .withProxyProtocol(new ProxyProtocolConfig(List.of("127.0.0.0/8"), null, null));
    String line =
        Chars.text(
            ProxyVersion.V1.header(
                new InetSocketAddress("2001:db8::7", 5), new InetSocketAddress("::1", 80)),
            0,
            "PROXY TCP6 2001:db8::7 ::1 5 80\r\n".length());
    String request = "GET / HTTP/1.1\r\nHost: ";
    assertThat(values(forwarded(listener, line, request + "a\r\n"), "Forwarded"))
        .containsExactly("for=\"[2001:db8:0:0:0:0:0:7]\";host=a;proto=http");
    assertThat(values(forwarded(listener, line, request + "[::1]:80\r\n"), "Forwarded"))
        .containsExactly("for=\"[2001:db8:0:0:0:0:0:7]\";host=\"[::1]:80\";proto=http");
    assertThat(values(forwarded(listener, line, request + "a;b=(c)\r\n"), "Forwarded"))
        .containsExactly("for=\"[2001:db8:0:0:0:0:0:7]\";host=\"a;b=(c)\";proto=http");
    String old = forwarded(listener, line, "GET / HTTP/1.0\r\n");
    assertThat(values(old, "Forwarded"))
        .containsExactly("for=\"[2001:db8:0:0:0:0:0:7]\";proto=http");
    // The address that the client came to, as it would have named it.
    assertThat(values(old, "Host")).containsExactly("[0:0:0:0:0:0:0:1]:80");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "127.0.0.1 | | 127.0.0.1",
        "127.0.0.1 | 192.0.2.1 | 192.0.2.1",
        "127.0.0.1 | 6.6.6.6, 192.0.2.1 | 192.0.2.1",
        "127.0.0.1 | 6.6.6.6, 192.0.2.1, 10.0.0.1, 10.2.3.4 | 192.0.2.1",
        "127.0.0.1 | 6.6.6.6,192.0.2.1\t,10.0.0.1 | 192.0.2.1",
        "127.0.0.1 | 192.0.2.1 / 10.0.0.1 | 192.0.2.1",
        "127.0.0.1 | 6.6.6.6 / 192.0.2.1 | 192.0.2.1",
        "127.0.0.1 | 10.0.0.9, 10.0.0.1 | 10.0.0.9",
        "127.0.0.1 | 192.0.2.1:1234 | 192.0.2.1",
        "127.0.0.1 | [2001:db8::1]:1234 | 2001:db8:0:0:0:0:0:1",
        "127.0.0.1 | [2001:db8::1] | 2001:db8:0:0:0:0:0:1",
        "127.0.0.1 | 2001:db8::1 | 2001:db8:0:0:0:0:0:1",
        "127.0.0.1 | 2001:db8::1, ::ffff:10.0.0.1 | 2001:db8:0:0:0:0:0:1",
        // Nonsense: the last proxy that is known.
        "127.0.0.1 | 6.6.6.6, unknown | 127.0.0.1",
        "127.0.0.1 | 6.6.6.6, unknown, 10.0.0.1 | 10.0.0.1",
        "127.0.0.1 | 6.6.6.6, , 10.0.0.1 | 10.0.0.1",
        "127.0.0.1 | 6.6.6.6, 10.0.0.256 | 127.0.0.1",
        "127.0.0.1 | 6.6.6.6, fe80::1%eth0 | 127.0.0.1",
        "127.0.0.1 | 6.6.6.6, [::1 | 127.0.0.1",
        "127.0.0.1 | 6.6.6.6, [::1]x:5 | 127.0.0.1",
        "127.0.0.1 | 6.6.6.6, localhost | 127.0.0.1",
        // A stranger.
        "192.0.2.9 | 6.6.6.6 | 192.0.2.9",
        "192.0.2.9 | 10.0.0.1 | 192.0.2.9"
      })
  void theClientIsTheLastAddressThatIsNoTrustedProxys(String peer, String fields, String client) {
    CidrSet trusted = CidrSet.of(List.of("127.0.0.0/8", "10.0.0.0/8"));
    StringBuilder request = new StringBuilder("GET / HTTP/1.1\r\nHost: a\r\n");
    for (String line : fields == null ? new String[0] : fields.split("/")) {
      request.append("X-Forwarded-For: ").append(line.strip()).append("\r\nX-Other: 7.7.7.7\r\n");
    }
    Head head = Heads.request(request.append("\r\n").toString());
    Peer found = Origin.of(new Peer(new InetSocketAddress(peer, 1), false), head, trusted);
    assertThat(Chars.text(found.text(), 0, found.text().length)).isEqualTo(client);
    assertThat(found.trusted()).isEqualTo(!peer.equals("192.0.2.9"));
  }

  @ParameterizedTest
  @CsvSource({"63, 192.0.2.1", "64, 10.0.0.1", "3000, 10.0.0.1"})
  void aChainThatIsTooLongIsNotFollowed(int proxies, String client) {
    CidrSet trusted = CidrSet.of(List.of("10.0.0.0/8"));
    String chain = "X-Forwarded-For: 192.0.2.1" + ",10.0.0.1".repeat(proxies) + "\r\n";
    Head head = Heads.request("GET / HTTP/1.1\r\nHost: a\r\n" + chain + "\r\n");
    assertThat(head.fault).isNull();
    Peer found = Origin.of(new Peer(new InetSocketAddress("10.0.0.2", 1), false), head, trusted);
    assertThat(Chars.text(found.text(), 0, found.text().length)).isEqualTo(client);
  }

  @Test
  void accessAndTextsAreAboutTheClientBehindTrustedProxies() throws Exception {
    String routes =
        """
        trustedProxies: [127.0.0.0/8]
        routes:
          - { match: { path: { exact: /allowed } }, allow: [192.0.2.0/24], pool: web }
          - match: { sources: [192.0.2.0/24] }
            requestHeaders: { set: { X-Client: "{source}" } }
            pool: web
          - respond: { status: 403 }
        """;
    try (RawBackend backend = RawBackend.answering(OK);
        Proxy proxy = new Proxy(Yaml.listener(routes), Proxy.pooling(null), backend.address());
        RawClient client = proxy.client()) {
      String get = "GET / HTTP/1.1\r\nHost: a\r\n";
      client.send(get + "X-Forwarded-For: 6.6.6.6, 192.0.2.1\r\n\r\n");
      assertThat(client.readResponse()).endsWith("ok");
      assertThat(backend.requests.poll()).contains("X-Client: 192.0.2.1\r\n");
      client.send(get + "X-Forwarded-For: 192.0.2.1, 6.6.6.6\r\n\r\n");
      assertThat(client.readResponse()).contains(" 403 ");
      assertThat(client.send(get + "\r\n").readResponse()).contains(" 403 ");
      String allowed = "GET /allowed HTTP/1.1\r\nHost: a\r\nX-Forwarded-For: ";
      assertThat(client.send(allowed + "192.0.2.1\r\n\r\n").readResponse()).endsWith("ok");
      assertThat(client.send(allowed + "6.6.6.6\r\n\r\n").readResponse()).contains(" 403 ");
    }
  }

  // ---- 27: Via

  @Test
  void viaSaysWhichVersionCameInAndWho() throws Exception {
    String via = "forwarding: { via: weir-1 }\n";
    assertThat(values(forwarded(via), "Via")).containsExactly("1.1 weir-1");
    assertThat(values(forwarded(listener(via), "", "GET / HTTP/1.0\r\n"), "Via"))
        .containsExactly("1.0 weir-1");
    assertThat(values(forwarded(via, "via: 1.0 fred, 1.1 p.example (weir-1)"), "Via"))
        .containsExactly("1.0 fred, 1.1 p.example (weir-1)", "1.1 weir-1");
    assertThat(values(forwarded("", "Via: 1.1 weir-1"), "Via")).containsExactly("1.1 weir-1");
    assertThat(forwarded("")).doesNotContain("Via");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Via: 1.1 weir",
        "Via: 1.1 WEIR",
        "via: HTTP/1.1  Weir (us)",
        "Via: 1.0 fred, 1.1 weir, 1.1 bob",
        "Via: 1.0 fred\r\nVia:1.1\tweir",
        "Via: ,, 1.0,1.1 weir",
        "Connection: Via\r\nVia: 1.1 weir"
      })
  void aRequestThatComesRoundAgainIsRefused(String lines) throws Exception {
    try (RawBackend backend = RawBackend.answering(OK);
        Proxy proxy = new Proxy(listener(ALL), Proxy.pooling(null), backend.address());
        RawClient client = proxy.client()) {
      client.send("GET / HTTP/1.1\r\nHost: a\r\n" + lines + "\r\n\r\n");
      assertThat(client.readAll()).startsWith("HTTP/1.1 508 Loop Detected\r\n");
      assertThat(proxy.ended).extracting(Proxy.Ended::cause).containsExactly(Cause.LOOP);
      assertThat(backend.requests).isEmpty();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "weir",
        "weir 1.1",
        "1.1 weird",
        "1.1 wei",
        "1.1 bob (weir)",
        "1.1,weir",
        "1.1 bob, weir",
        "1.1"
      })
  void othersNamesAreNotOurs(String via) throws Exception {
    try (RawBackend backend = RawBackend.answering(OK);
        Proxy proxy = new Proxy(listener(ALL), Proxy.pooling(null), backend.address());
        RawClient client = proxy.client()) {
      client.send("GET / HTTP/1.1\r\nHost: a\r\nVia: " + via + "\r\n\r\n");
      assertThat(client.readResponse()).startsWith("HTTP/1.1 200 ");
    }
  }

  @Test
  void aLoopOfOneEndsAtItsSecondTurn() throws Exception {
    try (RawBackend unused = RawBackend.answering(OK);
        Proxy last = new Proxy(listener(ALL), Proxy.pooling(null), unused.address());
        Proxy first = new Proxy(listener(ALL), Proxy.pooling(null), last.listener.address());
        RawClient client = first.client()) {
      client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
      assertThat(client.readResponse()).startsWith("HTTP/1.1 508 ");
      assertThat(unused.requests).isEmpty();
    }
  }

  // ---- 28 and 31: Host

  @Test
  void hostIsTheClientsAndThereIsOne() throws Exception {
    assertThat(values(forwarded(""), "Host")).containsExactly("a.example:81");
    String absolute = "GET http://b.example:82/x HTTP/1.1\r\nHost: a.example\r\n";
    String head = forwarded(listener(ALL), "", absolute);
    assertThat(head).startsWith("GET /x HTTP/1.1\r\n");
    assertThat(values(head, "Host")).containsExactly("b.example:82");
    assertThat(values(head, "X-Forwarded-Host")).containsExactly("b.example:82");
    assertThat(values(head, "Forwarded"))
        .containsExactly("for=127.0.0.1;host=\"b.example:82\";proto=http");
  }

  // ---- 32: what goes back

  @Test
  void answersKeepTheirFieldsAndOursNameNoProduct() throws Exception {
    String answer =
        "HTTP/1.1 302 Found\r\nLocation: http://b0.internal/x\r\n"
            + "Set-Cookie: a=b; Domain=b0.internal; Path=/\r\nContent-Length: 0\r\n\r\n";
    try (RawBackend backend = RawBackend.answering(answer);
        Proxy proxy = new Proxy(listener(ALL), Proxy.pooling(null), backend.address());
        RawClient client = proxy.client()) {
      String relayed = client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n").readResponse();
      assertThat(values(relayed, "Location")).containsExactly("http://b0.internal/x");
      assertThat(values(relayed, "Set-Cookie")).containsExactly("a=b; Domain=b0.internal; Path=/");
      assertThat(values(relayed, "Date")).hasSize(1);
      String own = client.send("GET / HTTP/1.1\r\n\r\n").readAll();
      assertThat(own).startsWith("HTTP/1.1 400 ");
      for (String head : List.of(relayed, own)) {
        assertThat(values(head, "Server")).isEmpty();
        assertThat(values(head, "Via")).isEmpty();
      }
    }
  }
}
