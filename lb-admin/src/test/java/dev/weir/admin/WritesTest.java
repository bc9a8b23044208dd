package dev.weir.admin;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.admin.AdminFixture.Answer;
import dev.weir.core.backend.Backend;
import dev.weir.core.config.AdminState;
import dev.weir.core.config.Problem;
import dev.weir.core.runtime.ChangeResult;
import dev.weir.core.store.ConfigStore;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

class WritesTest {
  private static final String WEB_1 = "/api/v1/pools/web/backends/web-1";

  private AdminFixture admin;

  @BeforeEach
  void start() throws Exception {
    admin = AdminFixture.start();
  }

  @AfterEach
  void stop() throws Exception {
    admin.close();
  }

  private Backend backend(String name) {
    return admin.runtime().snapshot().pools().get("web").backends().stream()
        .filter(backend -> backend.name().equals(name))
        .findFirst()
        .orElse(null);
  }

  private static List<String> names(JsonNode list) {
    List<String> names = new ArrayList<>();
    list.forEach(name -> names.add(name.asString()));
    return names;
  }

  @Test
  void aDrainedBackendIsTheSameObjectAndNoLongerEligible() throws Exception {
    Backend before = backend("web-1");
    Answer answer = admin.send("PATCH", WEB_1, "{\"weight\":50,\"state\":\"DRAIN\"}");
    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.etag()).isEqualTo("\"2\"");
    JsonNode change = answer.json();
    assertThat(change.path("generation").asLong()).isEqualTo(2);
    assertThat(change.path("changed").asBoolean()).isTrue();
    assertThat(change.has("dryRun")).isFalse();
    assertThat(names(change.at("/plan/changed"))).contains("pools/web/backends/web-1");
    assertThat(names(change.at("/plan/added"))).isEmpty();
    assertThat(backend("web-1")).isSameAs(before);
    assertThat(before.admin()).isEqualTo(AdminState.DRAIN);
    assertThat(before.eligible()).isFalse();
    JsonNode shown = admin.get(WEB_1).json();
    assertThat(shown.path("weight").asInt()).isEqualTo(50);
    assertThat(shown.path("state").asString()).isEqualTo("DRAIN");
    assertThat(shown.at("/live/eligible").asBoolean()).isFalse();
    assertThat(admin.get("/api/v1/pools").json().at("/pools/0/eligible").asInt()).isEqualTo(1);
  }

  @Test
  void aBackendIsAddedReplacedAndRemoved() throws Exception {
    String path = "/api/v1/pools/web/backends/web-3";
    Answer added = admin.send("PUT", path, "{\"address\":\"127.0.0.1:7009\"}");
    assertThat(added.status()).isEqualTo(201);
    assertThat(names(added.json().at("/plan/added"))).containsExactly("pools/web/backends/web-3");
    assertThat(admin.get(path).json().path("weight").asInt()).isEqualTo(100);
    String heavier = "{\"address\":\"127.0.0.1:7009\",\"weight\":7}";
    assertThat(admin.send("PUT", path, heavier).status()).isEqualTo(200);
    assertThat(admin.get(path).json().path("weight").asInt()).isEqualTo(7);
    Answer removed = admin.send("DELETE", path, null);
    assertThat(removed.status()).isEqualTo(200);
    assertThat(names(removed.json().at("/plan/removed"))).contains("pools/web/backends/web-3");
    assertThat(admin.get(path).status()).isEqualTo(404);
    assertThat(admin.send("DELETE", path, null).status()).isEqualTo(404);
  }

  @Test
  void aPoolIsAddedChangedAndRemoved() throws Exception {
    String path = "/api/v1/pools/fresh";
    String pool = "{\"backends\":{\"a\":{\"address\":\"127.0.0.1:7010\"}}}";
    assertThat(admin.send("PUT", path, pool).status()).isEqualTo(201);
    assertThat(admin.send("PATCH", path, "{\"balance\":\"random\"}").status()).isEqualTo(200);
    assertThat(admin.get(path).json().path("algorithm").asString()).isEqualTo("random");
    assertThat(admin.send("DELETE", path, null).status()).isEqualTo(200);
    assertThat(admin.get(path).status()).isEqualTo(404);
  }

  @Test
  void onlyNewThingsAreAddedWhenThatIsAskedFor() throws Exception {
    String body = "{\"address\":\"127.0.0.1:7001\",\"weight\":1}";
    Answer there = admin.send("PUT", WEB_1, body, "If-None-Match", "*");
    assertThat(there.status()).isEqualTo(412);
    assertThat(there.text()).contains("pools/web/backends/web-1 exists already");
    String path = "/api/v1/pools/web/backends/web-9";
    assertThat(admin.send("PUT", path, body, "If-None-Match", "*").status()).isEqualTo(201);
    assertThat(admin.send("PUT", path, body, "If-None-Match", "\"1\"").status()).isEqualTo(400);
  }

  @Test
  void aPoolInUseIsNotRemoved() throws Exception {
    Answer answer = admin.send("DELETE", "/api/v1/pools/web", null);
    assertThat(answer.status()).isEqualTo(409);
    assertThat(answer.text()).contains("/listeners/web");
    assertThat(admin.get("/api/v1/pools/web").status()).isEqualTo(200);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "PATCH|/api/v1/pools/web/backends/web-1|{\"weight\":5000}|/weight",
        "PATCH|/api/v1/pools/web/backends/web-1|{\"wieght\":50}|/wieght",
        "PATCH|/api/v1/pools/web/backends/web-1|{\"state\":\"SLEEP\"}|/state",
        "PATCH|/api/v1/pools/web/backends/web-1|{\"weight\":\"heavy\"}|/weight",
        "PUT|/api/v1/pools/web/backends/web-1|{\"address\":\"nowhere\"}|/address",
        "PUT|/api/v1/pools/web/backends/web-1|{}|''",
        "PUT|/api/v1/pools/web|{\"backends\":{\"x\":{\"address\":\"a:1\",\"weight\":-1}}}"
            + "|/backends/x/weight",
        "PUT|/api/v1/pools/web|{\"balance\":\"fastest\"}|/balance",
      })
  void whatIsWrongIsNamedWhereItStandsInWhatWasSent(
      String method, String path, String body, String pointer) throws Exception {
    Answer answer = admin.send(method, path, body);
    assertThat(answer.status()).as(answer.text()).isEqualTo(422);
    assertThat(answer.type()).isEqualTo("application/problem+json");
    JsonNode problem = answer.json().path("problems").get(0);
    assertThat(problem.path("pointer").asString()).startsWith(pointer);
    assertThat(problem.path("path").asString()).startsWith("/pools/web");
    assertThat(problem.path("message").asString()).isNotBlank();
    assertThat(admin.runtime().snapshot().generation()).isEqualTo(1);
  }

  @Test
  void allProblemsAreReportedAtOnce() throws Exception {
    String body =
        "{\"listeners\":{\"web\":{\"bind\":\"nope\",\"pool\":\"none\"}},"
            + "\"pools\":{\"web\":{\"backends\":{\"a\":{\"address\":\"x:1\",\"weight\":-1}}}}}";
    Answer answer = admin.send("PUT", "/api/v1/config", body, "If-Match", "*");
    assertThat(answer.status()).isEqualTo(422);
    assertThat(answer.json().path("problems").findValuesAsString("path"))
        .contains("/listeners/web/bind", "/pools/web/backends/a/weight");
  }

  @ParameterizedTest
  @CsvSource({
    "PATCH,/api/v1/pools/nope",
    "DELETE,/api/v1/pools/nope",
    "PUT,/api/v1/pools/nope/backends/a",
    "PATCH,/api/v1/pools/nope/backends/a",
    "DELETE,/api/v1/pools/nope/backends/a",
    "PATCH,/api/v1/pools/web/backends/nope",
    "DELETE,/api/v1/pools/web/backends/nope"
  })
  void whatIsNotThereIsNotChanged(String method, String path) throws Exception {
    String body = method.equals("DELETE") ? null : "{\"address\":\"127.0.0.1:1\"}";
    Answer answer = admin.send(method, path, body);
    assertThat(answer.status()).as(answer.text()).isEqualTo(404);
    assertThat(answer.text()).contains("nope");
  }

  @ParameterizedTest
  @ValueSource(strings = {"\"99\"", "\"0\"", "W/\"1\"", "\"x\""})
  void aStaleConditionChangesNothing(String tag) throws Exception {
    List<Answer> answers =
        List.of(
            admin.send("PATCH", WEB_1, "{\"weight\":5}", "If-Match", tag),
            admin.send("DELETE", WEB_1, null, "If-Match", tag),
            admin.send("PUT", "/api/v1/pools/n", "{}", "If-Match", tag),
            admin.send("PATCH", "/api/v1/config", "{}", "If-Match", tag),
            admin.send("PUT", "/api/v1/config", AdminFixture.CONFIG, "If-Match", tag),
            admin.send("POST", "/api/v1/reload", null, "If-Match", tag));
    for (Answer answer : answers) {
      assertThat(answer.status()).isEqualTo(412);
      assertThat(answer.etag()).isEqualTo("\"1\"");
    }
    assertThat(admin.runtime().snapshot().generation()).isEqualTo(1);
  }

  @Test
  void aConditionThatHoldsIsUsedUpByTheChange() throws Exception {
    assertThat(admin.send("PATCH", WEB_1, "{\"weight\":5}", "If-Match", "\"1\"").status())
        .isEqualTo(200);
    assertThat(admin.send("PATCH", WEB_1, "{\"weight\":6}", "If-Match", "\"1\"").status())
        .isEqualTo(412);
    assertThat(admin.get(WEB_1).json().path("weight").asInt()).isEqualTo(5);
  }

  @Test
  void theWholeConfigurationIsReplacedOnlyWithACondition() throws Exception {
    ObjectNode config = (ObjectNode) admin.get("/api/v1/config").json();
    ((ObjectNode) config.at("/pools")).remove("spare");
    String body = config.toString();
    assertThat(admin.send("PUT", "/api/v1/config", body).status()).isEqualTo(428);
    Answer answer = admin.send("PUT", "/api/v1/config", body, "If-Match", "\"1\"");
    assertThat(answer.status()).as(answer.text()).isEqualTo(200);
    assertThat(names(answer.json().at("/plan/removed"))).containsExactly("pools/spare");
    assertThat(admin.get("/api/v1/config").json()).isEqualTo(config);
  }

  @Test
  void manyObjectsChangeTogether() throws Exception {
    String patch =
        "{\"pools\":{\"web\":{\"backends\":{\"web-1\":{\"state\":\"MAINT\"},\"web-2\":null}},"
            + "\"spare\":null}}";
    Answer answer = admin.send("PATCH", "/api/v1/config", patch);
    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.json().path("generation").asLong()).isEqualTo(2);
    assertThat(backend("web-1").admin()).isEqualTo(AdminState.MAINT);
    assertThat(backend("web-2")).isNull();
    assertThat(admin.get("/api/v1/pools/spare").status()).isEqualTo(404);
  }

  @Test
  void aDryRunSaysWhatWouldHappenAndDoesNot() throws Exception {
    Answer answer = admin.send("DELETE", WEB_1 + "?dryRun=true", null);
    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.json().path("dryRun").asBoolean()).isTrue();
    assertThat(names(answer.json().at("/plan/removed"))).contains("pools/web/backends/web-1");
    assertThat(admin.get(WEB_1).status()).isEqualTo(200);
    assertThat(admin.store().changes()).isEmpty();
    String invalid = "{\"weight\":-1}";
    assertThat(admin.send("PATCH", WEB_1 + "?dryRun=true", invalid).status()).isEqualTo(422);
    String fresh = "{\"address\":\"127.0.0.1:1\"}";
    Answer put = admin.send("PUT", "/api/v1/pools/web/backends/n?dryRun=true", fresh);
    assertThat(put.status()).isEqualTo(200);
  }

  @Test
  void aChangeThatChangesNothingKeepsTheGeneration() throws Exception {
    Answer answer = admin.send("PATCH", WEB_1, "{}");
    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.json().path("changed").asBoolean()).isFalse();
    assertThat(answer.json().path("generation").asLong()).isEqualTo(1);
    assertThat(answer.json().at("/plan/added").isArray()).isTrue();
    assertThat(answer.etag()).isEqualTo("\"1\"");
  }

  @Test
  void whoAndWhyAreKept() throws Exception {
    admin.send("PATCH", WEB_1 + "?reason=disk%20full", "{\"state\":\"DRAIN\"}");
    ConfigStore.Change change = admin.store().changes().get(0);
    assertThat(change.author()).isEqualTo("api:0123abcd");
    assertThat(change.reason()).isEqualTo("disk full");
  }

  @Test
  void whatCannotBeStoredIsNotApplied() throws Exception {
    admin.store().failWith("/var/lib/weir/state/changes.log: No space left on device");
    Answer answer = admin.send("PATCH", WEB_1, "{\"weight\":5}");
    assertThat(answer.status()).isEqualTo(503);
    assertThat(answer.text()).contains("nothing has changed").doesNotContain("/var/lib");
    assertThat(admin.get(WEB_1).json().path("weight").asInt()).isEqualTo(100);
  }

  @Test
  void callersCannotReadTheEnvironmentOrFiles() throws Exception {
    for (String host : List.of("${HOME}:80", "file:/etc/passwd")) {
      String body = "{\"address\":\"" + host + "\"}";
      Answer answer = admin.send("PUT", "/api/v1/pools/web/backends/x", body);
      assertThat(answer.status()).as(answer.text()).isEqualTo(422);
    }
  }

  @Test
  void ofAThousandChangesAtOnceNoneThatWasAcknowledgedIsLost() throws Exception {
    Map<String, CompletableFuture<Answer>> answers = new LinkedHashMap<>();
    for (int i = 0; i < 1000; i++) {
      String name = "n" + i;
      String patch = "{\"backends\":{\"" + name + "\":{\"address\":\"127.0.0.1:7100\"}}}";
      answers.put(name, admin.sendAsync("PATCH", "/api/v1/pools/spare", patch));
    }
    Set<String> acknowledged = new HashSet<>();
    Set<Long> generations = new HashSet<>();
    for (Map.Entry<String, CompletableFuture<Answer>> sent : answers.entrySet()) {
      Answer answer = sent.getValue().get();
      // On a machine that is very slow some are not done in time, which says nothing about them.
      assertThat(answer.status()).as(answer.text()).isIn(200, 503);
      if (answer.status() == 200) {
        acknowledged.add(sent.getKey());
        generations.add(answer.json().path("generation").asLong());
      }
    }
    assertThat(acknowledged).isNotEmpty();
    assertThat(generations).hasSameSizeAs(acknowledged);
    JsonNode config = admin.get("/api/v1/config").json();
    assertThat(config.at("/pools/spare/backends").propertyNames()).containsAll(acknowledged);
    assertThat(admin.runtime().snapshot().pools().get("spare").backends())
        .hasSizeGreaterThanOrEqualTo(acknowledged.size());
  }

  @Test
  void reloadTellsWhatBecameOfTheFile() throws Exception {
    admin.reloadGives(
        CompletableFuture.completedFuture(
            new ChangeResult.Invalid(
                List.of(new Problem("/etc/weir/lb.yaml", 7, "/pools/x", "is wrong")))));
    Answer answer = admin.send("POST", "/api/v1/reload", null);
    assertThat(answer.status()).isEqualTo(422);
    JsonNode problem = answer.json().path("problems").get(0);
    assertThat(problem.path("file").asString()).isEqualTo("lb.yaml");
    assertThat(problem.path("line").asInt()).isEqualTo(7);
    assertThat(problem.path("path").asString()).isEqualTo("/pools/x");
    assertThat(problem.has("pointer")).isFalse();
    assertThat(answer.text()).doesNotContain("/etc");
    admin.reloadGives(CompletableFuture.completedFuture(new ChangeResult.Unchanged(1)));
    assertThat(admin.send("POST", "/api/v1/reload", null).status()).isEqualTo(200);
    assertThat(admin.send("POST", "/api/v1/reload?dryRun=true", null).status()).isEqualTo(400);
  }

  @Test
  void aDefectIsNotShown() throws Exception {
    admin.reloadGives(CompletableFuture.failedFuture(new IllegalStateException("secret")));
    Answer answer = admin.send("POST", "/api/v1/reload", null);
    assertThat(answer.status()).isEqualTo(500);
    assertThat(answer.text()).doesNotContain("secret", "Exception");
  }

  @Test
  void aChangeIsNotHeldUpByASlowOne() throws Exception {
    CompletableFuture<Answer> slow = admin.sendAsync("POST", "/api/v1/reload", null);
    assertThat(admin.get("/api/v1/status").status()).isEqualTo(200);
    assertThat(slow).isNotDone();
    admin.reloadGives(CompletableFuture.completedFuture(new ChangeResult.Unchanged(1)));
  }
}
