package dev.weir.core.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weir.core.backend.Backend;
import dev.weir.core.config.AdminState;
import dev.weir.core.config.ConfigException;
import dev.weir.core.config.Problem;
import dev.weir.core.net.OpenListener;
import dev.weir.core.pool.BackendStatus;
import dev.weir.core.pool.Pool;
import dev.weir.core.runtime.ChangeResult.Applied;
import dev.weir.core.runtime.ChangeResult.Conflict;
import dev.weir.core.runtime.ChangeResult.Failed;
import dev.weir.core.runtime.ChangeResult.Invalid;
import dev.weir.core.runtime.ChangeResult.Refused;
import dev.weir.core.runtime.ChangeResult.Unchanged;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class RuntimeTest {
  private static final String BASE =
      "{'listeners':{'db':{'bind':'127.0.0.1:0','protocol':'tcp','pool':'mysql'}},"
          + "'pools':{'mysql':{'balance':'round-robin','backends':{"
          + "'m1':{'address':'127.0.0.1:3001'},'m2':{'address':'127.0.0.1:3002'}}},"
          + "'spare':{'backends':{'s1':{'address':'127.0.0.1:3009'}}}}}";

  private Running running;

  @AfterEach
  void close() {
    if (running != null) {
      running.close();
    }
  }

  private Running start(String json) throws Exception {
    running = new Running(json);
    return running.start();
  }

  private Pool pool(String name) {
    return running.runtime.snapshot().pools().get(name);
  }

  private static Edit weight(int weight) {
    return Edits.patchBackend("mysql", "m1", Running.json("{'weight':" + weight + "}"));
  }

  @Test
  void whatIsConfiguredRuns() throws Exception {
    start(BASE);
    Snapshot snapshot = running.runtime.snapshot();
    assertThat(snapshot.generation()).isEqualTo(1);
    assertThat(snapshot.listeners()).containsOnlyKeys("db");
    assertThat(snapshot.pools()).containsOnlyKeys("mysql", "spare");
    assertThat(pool("mysql").backends()).allMatch(Backend::eligible);
    assertThat(running.runtime.ready()).isTrue();
    connect(snapshot.listeners().get("db")).close();
  }

  @Test
  void aChangeIsStoredAndRunsWhileEverythingElseStaysTheSame() throws Exception {
    start(BASE);
    Snapshot before = running.runtime.snapshot();
    List<Backend> backends = pool("mysql").backends();

    ChangeResult result = running.change(weight(7));

    Applied applied = (Applied) result;
    assertThat(applied.generation()).isEqualTo(2);
    assertThat(applied.plan().changed()).containsExactly("pools/mysql/backends/m1");
    assertThat(running.runtime.snapshot().generation()).isEqualTo(2);
    assertThat(running.store.stored().effective()).isEqualTo(running.runtime.snapshot().document());
    assertThat(pool("mysql")).isSameAs(before.pools().get("mysql"));
    assertThat(pool("mysql").backends()).isEqualTo(backends);
    assertThat(pool("mysql").config().backends().get("m1").weight()).isEqualTo(7);
    assertThat(running.runtime.snapshot().listeners()).isEqualTo(before.listeners());
    assertThat(running.handlersMade).containsEntry("db", 1);
    assertThat(running.applied).containsExactly(1L, 2L);
  }

  @Test
  void probesFollowTheHeaderThatBackendsWantAndKeepTheirVerdict() throws Exception {
    start(
        """
        {'listeners':{'db':{'bind':'127.0.0.1:0','protocol':'tcp','pool':'mysql'}},
         'pools':{'mysql':{'health':{'tcp':{}},'backends':{'m1':{'address':'127.0.0.1:3001'}}}}}
        """);
    running.pass(Duration.ofSeconds(3));
    assertThat(running.probesMade).containsExactly("off");
    running.change(Edits.patchBackend("mysql", "m1", Running.json("{'weight':7}")));
    assertThat(running.probesMade).containsExactly("off");
    Backend backend = pool("mysql").backends().get(0);
    running.asked.clear();

    running.change(Edits.patchPool("mysql", Running.json("{'proxyProtocol':'v2'}")));

    assertThat(pool("mysql").backends().get(0)).isSameAs(backend);
    assertThat(backend.eligible()).isTrue();
    running.pass(Duration.ofSeconds(10));
    assertThat(running.probesMade).containsExactly("off", "v2");
    assertThat(running.asked).isNotEmpty().containsOnly("v2");
  }

  @Test
  void aBackendComesAndGoes() throws Exception {
    start(BASE);
    Applied added =
        (Applied)
            running.change(
                Edits.putBackend("mysql", "m3", Running.json("{'address':'127.0.0.1:3003'}")));
    assertThat(added.plan().added()).containsExactly("pools/mysql/backends/m3");
    Backend m3 = pool("mysql").backends().get(2);
    assertThat(m3.eligible()).isTrue();

    Applied removed = (Applied) running.change(Edits.deleteBackend("mysql", "m3"));
    assertThat(removed.plan().removed()).containsExactly("pools/mysql/backends/m3");
    assertThat(m3.eligible()).isFalse();
    assertThat(running.retired).containsExactly(m3);
  }

  @Test
  void anotherAddressIsAnotherBackend() throws Exception {
    start(BASE);
    Backend before = pool("mysql").backends().get(0);
    running.change(Edits.patchBackend("mysql", "m1", Running.json("{'address':'127.0.0.1:4001'}")));
    assertThat(pool("mysql").backends().get(0)).isNotSameAs(before);
    assertThat(running.retired).containsExactly(before);
  }

  @Test
  void theOperatorTakesABackendOutAndIn() throws Exception {
    start(BASE);
    Backend m1 = pool("mysql").backends().get(0);
    running.change(Edits.patchBackend("mysql", "m1", Running.json("{'state':'DRAIN'}")));
    assertThat(m1.eligible()).isFalse();
    assertThat(m1.admin()).isEqualTo(AdminState.DRAIN);
    running.change(Edits.patchBackend("mysql", "m1", Running.json("{'state':null}")));
    assertThat(m1.eligible()).isTrue();
  }

  @Test
  void whatMakesNoDifferenceIsUnchanged() throws Exception {
    start(BASE);
    assertThat(running.change(before -> before)).isEqualTo(new Unchanged(1));
    assertThat(running.store.changes()).isEmpty();
  }

  @Test
  void aWrongChangeIsAnsweredWithAllProblemsAndLeavesEverything() throws Exception {
    start(BASE);
    Snapshot before = running.runtime.snapshot();
    ChangeResult result =
        running.change(
            Edits.patch(
                Running.json(
                    "{'pools':{'mysql':{'backends':{'m1':{'weight':-1},'m2':{'adress':'x'}}}}}")));
    assertThat(((Invalid) result).problems())
        .extracting(Problem::path)
        .containsExactlyInAnyOrder(
            "/pools/mysql/backends/m1/weight", "/pools/mysql/backends/m2/adress");
    assertThat(running.runtime.snapshot()).isSameAs(before);
  }

  @Test
  void unknownAlgorithmsAndWhatTheProtocolRefusesAreProblems() throws Exception {
    start(BASE);
    ChangeResult result =
        running.change(
            Edits.patch(
                Running.json(
                    "{'pools':{'poison':{'balance':'rond-robin','backends':{}}},"
                        + "'listeners':{'bad':{'bind':'127.0.0.1:0','protocol':'tcp',"
                        + "'pool':'poison'}}}")));
    assertThat(((Invalid) result).problems())
        .extracting(Problem::path)
        .containsExactlyInAnyOrder("/listeners/bad/pool", "/pools/poison/balance");
  }

  @Test
  void whatIsNotThereIsNotFound() throws Exception {
    start(BASE);
    ChangeResult result = running.change(Edits.deleteBackend("mysql", "m9"));
    assertThat(result)
        .isEqualTo(
            new Refused(Edit.Refused.Kind.NOT_FOUND, "there is no backend m9 in pool mysql"));
    assertThat(running.change(Edits.deletePool("nope"))).isInstanceOf(Refused.class);
    assertThat(running.change(Edits.putBackend("nope", "b", Running.json("{}"))))
        .isInstanceOf(Refused.class);
  }

  @Test
  void aPoolInUseCannotGo() throws Exception {
    start(BASE);
    ChangeResult result = running.change(Edits.deletePool("mysql"));
    assertThat(((Invalid) result).problems())
        .extracting(Problem::path)
        .containsExactly("/listeners/db/pool");
  }

  @Test
  void aPoolComesAndGoes() throws Exception {
    start(BASE);
    running.change(
        Edits.putPool("new", Running.json("{'backends':{'n1':{'address':'127.0.0.1:3010'}}}")));
    assertThat(pool("new").backends()).hasSize(1);
    Pool removed = pool("new");
    running.change(Edits.deletePool("new"));
    assertThat(running.runtime.snapshot().pools()).doesNotContainKey("new");
    assertThat(removed.backends().get(0).eligible()).as("for requests on their way").isTrue();
    running.pass(Duration.ofSeconds(1));
    assertThat(removed.backends().get(0).eligible()).isFalse();
    assertThat(running.retired).contains(removed.backends().get(0));
  }

  @Test
  void anotherGenerationThanExpectedIsAConflict() throws Exception {
    start(BASE);
    running.change(weight(1));
    CompletableFuture<ChangeResult> late = running.request(weight(2), OptionalLong.of(1), false);
    assertThat(running.finish(late)).isEqualTo(new Conflict(2));
    CompletableFuture<ChangeResult> inTime = running.request(weight(2), OptionalLong.of(2), false);
    assertThat(running.finish(inTime)).isInstanceOf(Applied.class);
  }

  @Test
  void aDryRunOnlySaysWhatWouldHappen() throws Exception {
    start(BASE);
    ChangeResult result = running.finish(running.request(weight(3), OptionalLong.empty(), true));
    assertThat(((Applied) result).generation()).isEqualTo(1);
    assertThat(((Applied) result).plan().changed()).containsExactly("pools/mysql/backends/m1");
    assertThat(running.runtime.snapshot().generation()).isEqualTo(1);
    assertThat(running.store.changes()).isEmpty();
  }

  @Test
  void changesSubmittedTogetherAreAllApplied() throws Exception {
    start(BASE);
    CompletableFuture<ChangeResult> one = running.request(weight(11), OptionalLong.empty(), false);
    CompletableFuture<ChangeResult> two =
        running.request(
            Edits.patchBackend("mysql", "m2", Running.json("{'weight':12}")),
            OptionalLong.empty(),
            false);
    assertThat(running.finish(one)).isInstanceOf(Applied.class);
    assertThat(running.finish(two)).isInstanceOf(Applied.class);
    assertThat(pool("mysql").config().backends().get("m1").weight()).isEqualTo(11);
    assertThat(pool("mysql").config().backends().get("m2").weight()).isEqualTo(12);
    assertThat(running.runtime.snapshot().generation()).isEqualTo(3);
  }

  @Test
  void whatCannotBeStoredIsNotAppliedAndNoNewListenerStaysOpen() throws Exception {
    start(BASE);
    int port = freePort();
    running.store.failWith(new IOException("no space left on device"));
    ChangeResult result = running.change(listener("extra", port));
    assertThat(result).isEqualTo(new Failed("no space left on device"));
    assertThat(running.runtime.snapshot().listeners()).containsOnlyKeys("db");
    Awaitility.await().until(() -> isFree(port));

    running.store.failWith(null);
    running.store.overtake();
    assertThat(running.change(listener("extra", port))).isEqualTo(new Conflict(2));
    Awaitility.await().until(() -> isFree(port));
  }

  @Test
  void aListenerThatCannotBeBoundFailsTheChange() throws Exception {
    start(BASE);
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      ChangeResult result = running.change(listener("extra", taken.getLocalPort()));
      assertThat(((Failed) result).message())
          .contains("listener extra", "127.0.0.1:" + taken.getLocalPort());
      assertThat(running.runtime.snapshot().generation()).isEqualTo(1);
      assertThat(running.store.changes()).isEmpty();
    }
  }

  @Test
  void aListenerComesAndGoesAndOthersKeepTheirSockets() throws Exception {
    start(BASE);
    OpenListener db = running.runtime.snapshot().listeners().get("db");
    int port = freePort();
    running.change(listener("extra", port));
    OpenListener extra = running.runtime.snapshot().listeners().get("extra");
    connect(extra).close();
    running.change(Edits.patch(Running.json("{'listeners':{'extra':null}}")));
    assertThat(running.runtime.snapshot().listeners()).containsOnlyKeys("db");
    assertThat(running.runtime.snapshot().listeners().get("db")).isSameAs(db);
    Awaitility.await().until(() -> isFree(port));
    connect(db).close();
  }

  @Test
  void aListenerWithAnUnchangedBindGetsANewHandlerOnly() throws Exception {
    start(BASE);
    OpenListener db = running.runtime.snapshot().listeners().get("db");
    running.change(Edits.patch(Running.json("{'listeners':{'db':{'pool':'spare'}}}")));
    assertThat(running.runtime.snapshot().listeners().get("db")).isSameAs(db);
    assertThat(running.handlersMade).containsEntry("db", 2);
  }

  @Test
  void settingsOfAPoolReachTheListenersThatLeadToItAndNoOthers() throws Exception {
    start(BASE);
    running.change(Edits.patchPool("spare", Running.json("{'retries':1}")));
    assertThat(running.handlersMade).containsEntry("db", 1);
    running.change(Edits.patchPool("mysql", Running.json("{'retries':1}")));
    assertThat(running.handlersMade).containsEntry("db", 2);
  }

  @Test
  void whatConcernsTheWholeProcessTakesARestart() throws Exception {
    start(BASE);
    ChangeResult result =
        running.change(Edits.patch(Running.json("{'metrics':{'bind':'127.0.0.1:9999'}}")));
    assertThat(((Invalid) result).problems())
        .singleElement()
        .satisfies(problem -> assertThat(problem.path()).isEqualTo("/metrics"))
        .satisfies(problem -> assertThat(problem.message()).contains("restart"));
  }

  @Test
  void theFileReadAgainKeepsWhatTheApiChanged() throws Exception {
    start(BASE);
    running.change(weight(42));
    ChangeResult result =
        running.finish(
            running.runtime.reload(
                Running.document(BASE.replace("127.0.0.1:3002", "127.0.0.1:5002")), "file"));
    assertThat(((Applied) result).plan().changed()).containsExactly("pools/mysql/backends/m2");
    assertThat(pool("mysql").config().backends().get("m1").weight()).isEqualTo(42);
    assertThat(pool("mysql").backends().get(1).address().port()).isEqualTo(5002);
    assertThat(running.store.stored().base()).isEqualTo(running.runtime.snapshot().base());
    assertThat(running.runtime.snapshot().base().tree().toString()).contains("5002");
  }

  @Test
  void theSameFileReadAgainChangesNothing() throws Exception {
    start(BASE);
    running.change(weight(42));
    ChangeResult result = running.finish(running.runtime.reload(Running.document(BASE), "file"));
    assertThat(result).isEqualTo(new Unchanged(2));
  }

  @Test
  void aFileThatContradictsTheApiIsRefusedNamingBothSides() throws Exception {
    start(BASE);
    running.change(weight(42));
    String file = BASE.replace("'127.0.0.1:3001'", "'127.0.0.1:3001','weight':17");
    ChangeResult result = running.finish(running.runtime.reload(Running.document(file), "file"));
    Problem problem = ((Invalid) result).problems().get(0);
    assertThat(problem.path()).isEqualTo("/pools/mysql/backends/m1/weight");
    assertThat(problem.message()).contains("17", "42");
    assertThat(running.runtime.snapshot().generation()).isEqualTo(2);
  }

  @Test
  void healthIsKeptAcrossChangesAndNewBackendsWaitForTheirFirstSuccess() throws Exception {
    String health = "{'tcp':{},'interval':'2s','rise':2,'fall':3}";
    start(BASE.replace("'balance':'round-robin'", "'health':" + health));
    running.failing.add("127.0.0.1:3003");
    running.pass(Duration.ofSeconds(1));
    List<BackendStatus> status = pool("mysql").status();
    assertThat(status).allMatch(BackendStatus::eligible);
    assertThat(status.get(0).lastProbes()).isNotEmpty();

    running.change(Edits.putBackend("mysql", "m3", Running.json("{'address':'127.0.0.1:3003'}")));
    assertThat(pool("mysql").status().get(2).eligible()).isFalse();
    running.failing.clear();
    running.pass(Duration.ofSeconds(3));
    assertThat(pool("mysql").status().get(2).eligible()).isTrue();
    assertThat(pool("mysql").status().get(0).lastProbes().size()).isGreaterThan(1);
  }

  @Test
  void aWrongConfigurationDoesNotStart() throws Exception {
    running = new Running(BASE.replace("round-robin", "round-about"));
    assertThatThrownBy(() -> running.start())
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("/pools/mysql/balance")
        .hasMessageContaining("round-robin");
  }

  @Test
  void whenAPortIsTakenTheStartFailsNamingItAndNothingStaysOpen() throws Exception {
    int free = freePort();
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      String port = "127.0.0.1:" + taken.getLocalPort();
      running =
          new Running(
              BASE.replace(
                  "'listeners':{",
                  "'listeners':{'a':{'bind':'127.0.0.1:%d','protocol':'tcp','pool':'spare'},"
                          .formatted(free)
                      + "'b':{'bind':'"
                      + port
                      + "','protocol':'tcp','pool':'spare'},"));
      assertThatThrownBy(() -> running.start())
          .isInstanceOf(IOException.class)
          .hasMessageContaining("listener b")
          .hasMessageContaining(port);
      Awaitility.await().until(() -> isFree(free));
    }
  }

  private static Edit listener(String name, int port) {
    return Edits.patch(
        Running.json(
            "{'listeners':{'%s':{'bind':'127.0.0.1:%d','protocol':'tcp','pool':'spare'}}}"
                .formatted(name, port)));
  }

  private static Socket connect(OpenListener listener) throws IOException {
    return new Socket(listener.address().getAddress(), listener.address().getPort());
  }

  private static int freePort() throws IOException {
    try (ServerSocket any = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return any.getLocalPort();
    }
  }

  private static boolean isFree(int port) {
    try (ServerSocket again = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
      return again.isBound();
    } catch (IOException taken) {
      return false;
    }
  }
}
