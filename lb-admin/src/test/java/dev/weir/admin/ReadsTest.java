package dev.weir.admin;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.admin.AdminFixture.Answer;
import dev.weir.core.backend.Backend;
import dev.weir.core.backend.Lease;
import dev.weir.core.backend.Outcome;
import dev.weir.core.config.ConfigSchema;
import dev.weir.core.observe.Cause;
import java.time.Instant;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class ReadsTest {
  private static AdminFixture admin;

  @BeforeAll
  static void start() throws Exception {
    admin = AdminFixture.start();
  }

  @AfterAll
  static void stop() throws Exception {
    admin.close();
  }

  @Test
  void theConfigurationIsShownAsItWasGiven() throws Exception {
    Answer answer = admin.get("/api/v1/config");
    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.etag()).isEqualTo("\"1\"");
    assertThat(answer.type()).isEqualTo("application/json");
    assertThat(answer.json()).isEqualTo(JsonMapper.builder().build().readTree(AdminFixture.CONFIG));
  }

  @Test
  void theSchemaIsTheCommittedOne() throws Exception {
    Answer answer = admin.get("/api/v1/schema");
    assertThat(answer.type()).isEqualTo("application/schema+json");
    assertThat(answer.text()).isEqualTo(ConfigSchema.text());
  }

  @Test
  void theStatusSaysWhatRuns() throws Exception {
    JsonNode status = admin.get("/api/v1/status").json();
    assertThat(status.path("version").asString()).isEqualTo("1.2.3");
    assertThat(status.path("generation").asLong()).isEqualTo(1);
    assertThat(status.path("ready").asBoolean()).isTrue();
    assertThat(status.path("uptimeSeconds").asLong()).isBetween(0L, 3600L);
    assertThat(status.path("pools").asInt()).isEqualTo(3);
    assertThat(status.path("listeners").asInt()).isEqualTo(3);
  }

  @Test
  void listenersShowWhereTheyAreBound() throws Exception {
    admin.traffic().connectionOpened(0, "db");
    JsonNode listeners = admin.get("/api/v1/listeners").json().path("listeners");
    assertThat(listeners.size()).isEqualTo(3);
    JsonNode db = listeners.get(1);
    assertThat(db.path("name").asString()).isEqualTo("db");
    assertThat(db.path("protocol").asString()).isEqualTo("tcp");
    assertThat(db.path("bind").asString()).isEqualTo("127.0.0.1:0");
    assertThat(db.path("address").asString()).matches("127\\.0\\.0\\.1:[1-9]\\d+");
    assertThat(db.path("pool").asString()).isEqualTo("db");
    assertThat(db.path("openConnections").asInt()).isEqualTo(1);
    admin.traffic().connectionClosed(0, "db", Cause.NONE);
  }

  @Test
  void poolsAreListedInTheOrderOfTheConfiguration() throws Exception {
    Answer answer = admin.get("/api/v1/pools");
    assertThat(answer.etag()).isEqualTo("\"1\"");
    JsonNode pools = answer.json().path("pools");
    assertThat(pools.findValuesAsString("name")).containsExactly("web", "db", "spare");
    assertThat(pools.get(0).path("algorithm").asString()).isEqualTo("round-robin");
    assertThat(pools.get(1).path("algorithm").asString()).isEqualTo("least-requests");
    assertThat(pools.get(0).path("backends").asInt()).isEqualTo(2);
    assertThat(pools.get(0).path("eligible").asInt()).isEqualTo(2);
  }

  @Test
  void aPoolShowsItsBackendsAndWhatAPutWouldTake() throws Exception {
    JsonNode pool = admin.get("/api/v1/pools/web").json();
    assertThat(pool.path("name").asString()).isEqualTo("web");
    assertThat(pool.path("config")).isEqualTo(admin.get("/api/v1/config").json().at("/pools/web"));
    assertThat(pool.path("backends")).isEqualTo(backends("web"));
  }

  private static JsonNode backends(String pool) throws Exception {
    return admin.get("/api/v1/pools/" + pool + "/backends").json().path("backends");
  }

  @Test
  void aBackendShowsItsLiveState() throws Exception {
    Backend backend = admin.runtime().snapshot().pools().get("web").backends().get(1);
    Lease running = backend.tryLease();
    backend.tryLease().end(Outcome.OK, true, 0);
    JsonNode shown = admin.get("/api/v1/pools/web/backends/web-2").json();
    assertThat(shown.path("pool").asString()).isEqualTo("web");
    assertThat(shown.path("name").asString()).isEqualTo("web-2");
    assertThat(shown.path("address").asString()).isEqualTo("127.0.0.1:7002");
    assertThat(shown.path("weight").asInt()).isEqualTo(50);
    assertThat(shown.path("backup").asBoolean()).isFalse();
    assertThat(shown.path("state").asString()).isEqualTo("READY");
    JsonNode live = shown.path("live");
    assertThat(live.path("eligible").asBoolean()).isTrue();
    assertThat(live.path("health").asString()).isIn("HEALTHY", "CHECKING");
    assertThat(live.path("detector").asString()).isEqualTo("OK");
    assertThat(live.path("reason").asString()).isNotBlank();
    assertThat(Instant.parse(live.path("since").asString())).isAfter(Instant.EPOCH);
    assertThat(live.path("load").asInt()).isEqualTo(1);
    assertThat(live.path("resolved").asString()).isEqualTo("127.0.0.1");
    assertThat(live.path("attempts").path("ok").asInt()).isEqualTo(1);
    assertThat(live.path("attempts").has("refused")).isFalse();
    assertThat(live.path("probes").isArray()).isTrue();
    running.end(Outcome.LOCAL, true, 0);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/api/v1/pools/nope",
        "/api/v1/pools/nope/backends",
        "/api/v1/pools/nope/backends/web-1",
        "/api/v1/pools/web/backends/nope",
        "/api/v1/pools/web%2Fbackends",
        "/api/v1/pools/%00%1b%5b31m",
        "/api/v1/nope",
        "/api/v2/pools",
        "/"
      })
  void unknownNamesAreNotFound(String path) throws Exception {
    Answer answer = admin.get(path);
    assertThat(answer.status()).isEqualTo(404);
    assertThat(answer.type()).isEqualTo("application/problem+json");
    assertThat(answer.text()).doesNotContain("\u001b", "\0");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "POST|/api/v1/config|GET, HEAD, PUT, PATCH",
        "DELETE|/api/v1/config|GET, HEAD, PUT, PATCH",
        "PUT|/api/v1/status|GET, HEAD",
        "OPTIONS|/api/v1/pools|GET, HEAD",
        "POST|/api/v1/pools/web|GET, HEAD, PUT, PATCH, DELETE",
        "POST|/api/v1/pools/web/backends/web-1|GET, HEAD, PUT, PATCH, DELETE",
        "GET|/api/v1/reload|POST"
      })
  void otherMethodsAreTold(String method, String path, String allow) throws Exception {
    RawHttp.Answer answer = raw(method, path);
    assertThat(answer.status()).isEqualTo(405);
    assertThat(answer.header("Allow")).isEqualTo(allow);
  }

  @Test
  void headIsGetWithoutTheBody() throws Exception {
    String head = raw("HEAD", "/api/v1/pools").head();
    String get = raw("GET", "/api/v1/pools").head();
    assertThat(head).isEqualToIgnoringCase(get);
  }

  private static RawHttp.Answer raw(String method, String path) throws Exception {
    String head = method + " " + path + " HTTP/1.1\r\nHost: localhost\r\n";
    String auth = "Authorization: Bearer " + admin.token() + "\r\n\r\n";
    return RawHttp.send(admin.port(), head + auth, method.equals("HEAD"));
  }
}
