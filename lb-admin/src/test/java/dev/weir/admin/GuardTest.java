package dev.weir.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.weir.admin.api.Routes;
import dev.weir.admin.api.Routes.Operation;
import dev.weir.admin.auth.AdminToken;
import dev.weir.admin.metrics.TrafficMetrics;
import dev.weir.core.config.AdminConfig;
import dev.weir.core.config.HostPort;
import dev.weir.core.control.Ticker;
import java.io.IOException;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is refused before anything looks at the request; no runtime is needed for that. */
class GuardTest {
  private static final String SECRET = "5e".repeat(32);
  private static final String TOKEN = "lbk_0123abcd_" + SECRET;
  private static final AdminSetup SETUP =
      new AdminSetup(
          new AdminConfig(new HostPort("127.0.0.1", 0), null),
          null,
          AdminToken.of(TOKEN),
          new TrafficMetrics(1),
          author -> CompletableFuture.failedFuture(new AssertionError("not reached")),
          "1.2.3",
          Ticker.system());

  private static AdminServer server;

  @BeforeAll
  static void start() throws IOException {
    server = AdminServer.start(SETUP);
  }

  @AfterAll
  static void stop() throws IOException {
    server.close();
  }

  static List<Operation> operations() {
    List<Operation> operations = new ArrayList<>(Routes.of(SETUP));
    operations.add(new Operation("GET", "/"));
    operations.add(new Operation("GET", "/api/v1/nothing"));
    operations.add(new Operation("BREW", "/api/v1/config"));
    operations.add(new Operation("OPTIONS", "/api/v1/config"));
    operations.add(new Operation("GET", "/api/v1/../v1/config"));
    operations.add(new Operation("GET", "//api/v1/config"));
    return operations;
  }

  private static RawHttp.Answer send(String method, String path, String... headers)
      throws IOException {
    String request = method + " " + path + " HTTP/1.1\r\n" + String.join("\r\n", headers);
    return RawHttp.send(server.port(), request + "\r\n\r\n", method.equals("HEAD"));
  }

  @Test
  void theRouterHasTheEndpointsThatAreDocumented() throws Exception {
    assertThat(Routes.of(SETUP)).hasSizeGreaterThanOrEqualTo(17);
  }

  @ParameterizedTest
  @MethodSource("operations")
  void nothingIsAnsweredWithoutTheToken(Operation operation) throws Exception {
    List<String> wrong =
        List.of(
            "X-None: 1",
            "Authorization:",
            "Authorization: Bearer",
            "Authorization: Bearer ",
            "Authorization: " + TOKEN,
            "Authorization: Basic " + TOKEN,
            "Authorization: Bearer " + TOKEN.toUpperCase(java.util.Locale.ROOT),
            "Authorization: Bearer " + TOKEN + "0",
            "Authorization: Bearer " + TOKEN.substring(0, TOKEN.length() - 1),
            "Authorization: Bearer  " + TOKEN + ",",
            "Authorization: Bearer lbk_0123abcd_" + "00".repeat(32),
            "Authorization: Bearer " + TOKEN + "\r\nAuthorization: Bearer " + TOKEN);
    for (String header : wrong) {
      RawHttp.Answer answer = send(operation.method(), operation.path(), "Host: localhost", header);
      assertThat(answer.status()).as(operation + " with " + header).isEqualTo(401);
      assertThat(answer.header("WWW-Authenticate")).startsWith("Bearer");
      assertThat(answer.head() + answer.body()).doesNotContain(SECRET);
    }
  }

  @Test
  void aRefusalIsAProblemDocument() throws Exception {
    RawHttp.Answer answer = send("GET", "/api/v1/config", "Host: localhost");
    assertThat(answer.header("Content-Type")).isEqualTo("application/problem+json");
    assertThat(answer.header("Cache-Control")).isEqualTo("no-store");
    assertThat(answer.header("X-Content-Type-Options")).isEqualTo("nosniff");
    assertThat(answer.body()).contains("\"status\" : 401", "a valid bearer token is required");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "evil.example",
        "evil.example:9900",
        "127.0.0.1.evil.example",
        "10.0.0.1",
        "[::2]"
      })
  void aRequestAddressedToSomebodyElseIsRefused(String host) throws Exception {
    RawHttp.Answer answer = authorized("GET", "/none", "Host: " + host);
    assertThat(answer.status()).isEqualTo(403);
    assertThat(answer.body()).doesNotContain("evil");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"localhost", "LOCALHOST:1", "127.0.0.1", "127.0.0.1:9900", "[::1]", "[::1]:9900"})
  void aRequestAddressedToLoopbackPasses(String host) throws Exception {
    assertThat(authorized("GET", "/none", "Host: " + host).status()).isEqualTo(404);
  }

  @ParameterizedTest
  @ValueSource(strings = {"Host:", "X: y", "Host: localhost\r\nHost: localhost", "Host: a b"})
  void aRequestWithoutOneHostIsRefused(String host) throws Exception {
    assertThat(authorized("GET", "/none", host).status()).isIn(400, 403);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Origin: http://evil.example",
        "Origin: null",
        "Origin: http://localhost",
        "Origin:",
        "Sec-Fetch-Site: cross-site",
        "Sec-Fetch-Site: same-site",
        "Sec-Fetch-Site: weird"
      })
  void aRequestFromAWebPageIsRefused(String header) throws Exception {
    for (String method : List.of("GET", "PUT", "POST", "DELETE", "PATCH", "OPTIONS")) {
      RawHttp.Answer answer = authorized(method, "/api/v1/config", "Host: localhost", header);
      assertThat(answer.status()).as(method).isEqualTo(403);
      assertThat(answer.header("Access-Control-Allow-Origin")).isNull();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"Sec-Fetch-Site: none", "Sec-Fetch-Site: same-origin"})
  void aBrowserWithoutAPageBehindItPasses(String header) throws Exception {
    assertThat(authorized("GET", "/none", "Host: localhost", header).status()).isEqualTo(404);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "GET /%zz HTTP/1.1\r\nHost: localhost\r\n\r\n",
        "GET / HTTP/9.9\r\nHost: localhost\r\n\r\n",
        "nonsense\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: localhost\r\nno colon\r\n\r\n",
        "\0\0\0\0\r\n\r\n"
      })
  void garbageIsRefusedWithoutDetails(String request) throws Exception {
    RawHttp.Answer answer = RawHttp.send(server.port(), request);
    assertThat(answer.status()).isIn(400, 401, 404, 501, 505);
    assertThat(answer.body()).doesNotContain("Exception", "\tat ");
  }

  @Test
  void aHeadThatIsTooLongIsRefused() throws Exception {
    String line = "GET /" + "a".repeat(5000) + " HTTP/1.1\r\nHost: localhost\r\n\r\n";
    assertThat(RawHttp.send(server.port(), line).status()).isIn(400, 414);
    String header = "GET / HTTP/1.1\r\nHost: localhost\r\nX: " + "a".repeat(17000) + "\r\n\r\n";
    assertThat(RawHttp.send(server.port(), header).status()).isIn(400, 431);
  }

  @Test
  void connectionsWithoutEndAreNotTaken() throws Exception {
    List<Socket> open = new ArrayList<>();
    try {
      for (int i = 0; i < AdminServer.MAX_CONNECTIONS; i++) {
        open.add(new Socket("127.0.0.1", server.port()));
      }
      try (Socket oneMore = new Socket("127.0.0.1", server.port())) {
        oneMore.setSoTimeout(10_000);
        assertThat(oneMore.getInputStream().read()).isEqualTo(-1);
      }
    } finally {
      for (Socket socket : open) {
        socket.close();
      }
    }
    await().until(() -> connects());
  }

  private static boolean connects() {
    try {
      return send("GET", "/", "Host: localhost").status() == 401;
    } catch (IOException stillFull) {
      return false;
    }
  }

  private static RawHttp.Answer authorized(String method, String path, String... headers)
      throws IOException {
    List<String> all = new ArrayList<>(List.of(headers));
    all.add("Authorization: Bearer " + TOKEN);
    return send(method, path, all.toArray(String[]::new));
  }
}
