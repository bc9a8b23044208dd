package dev.weir.admin;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Bodies that are refused before they reach the runtime. */
class BodiesTest {
  private static AdminFixture admin;

  @BeforeAll
  static void start() throws Exception {
    admin = AdminFixture.start();
  }

  @AfterAll
  static void stop() throws Exception {
    admin.close();
  }

  private static RawHttp.Answer put(String headers, String body) throws Exception {
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    String head =
        "PUT /api/v1/pools/web HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer "
            + admin.token()
            + "\r\nContent-Length: "
            + bytes.length
            + "\r\n"
            + headers
            + "\r\n";
    ByteArrayOutputStream request = new ByteArrayOutputStream();
    request.write(head.getBytes(StandardCharsets.ISO_8859_1));
    request.write(bytes);
    return RawHttp.send(admin.port(), request.toByteArray());
  }

  private static RawHttp.Answer putJson(String body) throws Exception {
    return put("Content-Type: application/json\r\n", body);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "Content-Type: text/plain\r\n",
        "Content-Type:\r\n",
        "Content-Type: application/x-www-form-urlencoded\r\n",
        "Content-Type: multipart/form-data; boundary=x\r\n",
        "Content-Type: application/yaml\r\n",
        "Content-Type: application/merge-patch+json\r\n",
        "Content-Type: text/plain; application/json\r\n"
      })
  void onlyJsonIsTaken(String type) throws Exception {
    RawHttp.Answer answer = put(type, "{\"backends\":{}}");
    assertThat(answer.status()).isEqualTo(415);
    assertThat(answer.body()).contains("application/json");
  }

  @ParameterizedTest
  @ValueSource(strings = {"application/json", "Application/JSON ; charset=utf-8"})
  void jsonIsJsonHoweverItIsWritten(String type) throws Exception {
    RawHttp.Answer answer = put("Content-Type: " + type + "\r\n", "{\"nonsense\":1}");
    assertThat(answer.status()).isEqualTo(422);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "''|400",
        "{|400",
        "nope|400",
        "{\"a\":1,\"a\":2}|400",
        "{} {}|400",
        "[]|422",
        "7|422",
        "\"x\"|422",
        "true|422"
      })
  void whatIsNotAnObjectIsRefused(String body, int status) throws Exception {
    RawHttp.Answer answer = putJson(body);
    assertThat(answer.status()).isEqualTo(status);
    assertThat(answer.header("Content-Type")).isEqualTo("application/problem+json");
    assertThat(answer.body()).doesNotContain("Exception", "jackson");
  }

  @Test
  void deepNestingIsRefusedAtOnce() {
    for (String body : new String[] {"[".repeat(100_000), "{\"a\":".repeat(100_000)}) {
      Assertions.assertTimeout(
          Duration.ofSeconds(5), () -> assertThat(putJson(body).status()).isEqualTo(400));
    }
  }

  @Test
  void aBodyThatIsAnnouncedTooLargeIsRefusedUnread() throws Exception {
    RawHttp.Answer answer =
        RawHttp.send(
            admin.port(),
            "PUT /api/v1/pools/web HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer "
                + admin.token()
                + "\r\nContent-Type: application/json\r\nContent-Length: 4194305\r\n\r\n");
    assertThat(answer.status()).isEqualTo(413);
    assertThat(answer.header("Connection")).isEqualTo("close");
    assertThat(answer.body()).contains("4194304");
  }

  @Test
  void aBodyInChunksThatGrowsTooLargeIsRefused() throws Exception {
    StringBuilder request =
        new StringBuilder(
            "PUT /api/v1/pools/web HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer "
                + admin.token()
                + "\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n");
    for (int i = 0; i < 65; i++) {
      request.append("10000\r\n").append(" ".repeat(65536)).append("\r\n");
    }
    RawHttp.Answer answer = RawHttp.send(admin.port(), request.toString());
    assertThat(answer.status()).isEqualTo(413);
  }

  @Test
  void theLargestBodyIsRead() throws Exception {
    String body = "{\"nonsense\":1" + " ".repeat((4 << 20) - 15) + "}";
    assertThat(putJson(body).status()).isEqualTo(422);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"dryrun=true", "dryRun=yes", "dryRun=true&dryRun=true", "reason=a%0Ab", "x=%1b"})
  void aQueryThatIsNotUnderstoodChangesNothing(String query) throws Exception {
    RawHttp.Answer answer =
        RawHttp.send(
            admin.port(),
            "DELETE /api/v1/pools/web/backends/web-1?"
                + query
                + " HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer "
                + admin.token()
                + "\r\n\r\n");
    assertThat(answer.status()).isEqualTo(400);
    assertThat(admin.get("/api/v1/pools/web/backends/web-1").status()).isEqualTo(200);
  }
}
