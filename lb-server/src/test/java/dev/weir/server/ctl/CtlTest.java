package dev.weir.server.ctl;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.server.LbServer;
import dev.weir.server.cli.LbCommand;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;

/** The commands against a whole balancer. */
class CtlTest {
  @TempDir Path folder;

  private Path file;
  private LbServer server;
  private StringWriter out;
  private StringWriter err;

  @BeforeEach
  void start() throws Exception {
    file = folder.resolve("lb.yaml");
    Files.writeString(file, config("web-1: { address: 127.0.0.1:7001 }"));
    server = LbServer.start(new LbServer.Options(file, false));
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private String config(String backends) {
    return """
        admin: { bind: "127.0.0.1:0", state: %s }
        metrics: { bind: "127.0.0.1:0" }
        listeners:
          web: { bind: "127.0.0.1:0", protocol: http, pool: web }
        pools:
          web:
            backends:
              %s
        """
        .formatted(folder.resolve("state"), backends);
  }

  private int ctl(String... arguments) {
    out = new StringWriter();
    err = new StringWriter();
    List<String> all = new ArrayList<>(List.of("ctl"));
    all.addAll(Arrays.asList(arguments));
    all.addAll(List.of("-c", file.toString()));
    all.addAll(List.of("--admin", "http://127.0.0.1:" + server.adminPort()));
    return LbCommand.run(
        all.toArray(String[]::new), new PrintWriter(out, true), new PrintWriter(err, true));
  }

  private String done(String... arguments) {
    assertThat(ctl(arguments)).as(err.toString()).isZero();
    assertThat(err.toString()).isEmpty();
    return out.toString();
  }

  @Test
  void poolsAndBackendsAreTables() {
    assertThat(done("pools").lines())
        .containsExactly(
            "POOL  ALGORITHM       ELIGIBLE  LOAD", "web   least-requests  1/1       0");
    String backends = done("backends");
    assertThat(backends).startsWith("BACKEND").contains("web/web-1", "127.0.0.1:7001", "READY");
    assertThat(done("backends", "web")).isEqualTo(backends);
    assertThat(done("pool", "web")).contains("pool web: least-requests, 1 of 1 eligible", backends);
    assertThat(done("listeners")).contains("web", "http", "127.0.0.1:");
    assertThat(done("status")).contains("yes", "GENERATION");
  }

  @Test
  void aBackendIsDrainedReadiedAndTakenOut() {
    assertThat(done("drain", "web/web-1", "--reason", "kernel update"))
        .isEqualTo("generation 2\n~ pools/web/backends/web-1\n");
    assertThat(done("backends")).contains("DRAIN");
    assertThat(done("drain", "web/web-1")).isEqualTo("nothing differs; generation 2\n");
    done("maint", "web/web-1");
    assertThat(done("backends")).contains("MAINT");
    done("ready", "web/web-1");
    assertThat(done("backends")).contains("READY");
    done("weight", "web/web-1", "7");
    assertThat(done("backends")).contains("7 ");
  }

  @Test
  void aBackendIsAddedOnceAndRemovedOnce() {
    String[] add = {"add", "web/web-2", "127.0.0.1:7002", "--weight", "50", "--backup"};
    assertThat(done(add)).contains("+ pools/web/backends/web-2");
    assertThat(done("backends")).contains("50 backup");
    assertThat(ctl(add)).isEqualTo(1);
    assertThat(err.toString()).contains("exists already");
    assertThat(done("remove", "web/web-2", "--dry-run"))
        .contains("dry run", "- pools/web/backends/web-2");
    done("remove", "web/web-2");
    assertThat(ctl("remove", "web/web-2")).isEqualTo(1);
    assertThat(err.toString()).contains("there is no backend web-2 in pool web");
  }

  @Test
  void everyProblemIsShownWithItsPath() {
    assertThat(ctl("weight", "web/web-1", "5000")).isEqualTo(1);
    assertThat(err.toString())
        .contains("invalid configuration (422)", "/pools/web/backends/web-1/weight: ");
    assertThat(out.toString()).isEmpty();
  }

  @Test
  void aFileIsAppliedAndReloaded() throws Exception {
    Path other = folder.resolve("other.yaml");
    Files.writeString(other, config("web-2: { address: 127.0.0.1:7002 }"));
    assertThat(done("apply", other.toString(), "--dry-run"))
        .contains("dry run", "+ pools/web/backends/web-2", "- pools/web/backends/web-1");
    done("apply", other.toString());
    assertThat(done("backends")).contains("web/web-2").doesNotContain("web/web-1");
    Files.writeString(other, "pools: [");
    assertThat(ctl("apply", other.toString())).isEqualTo(1);
    assertThat(err.toString()).contains(other + ":");
    Files.writeString(
        file,
        config("web-1: { address: 127.0.0.1:7001 }")
            + "  new: { backends: { n: { address: \"127.0.0.1:7003\" } } }\n");
    assertThat(done("reload")).contains("+ pools/new");
    assertThat(done("backends")).contains("new/n", "web/web-2");
    Files.writeString(file, Files.readString(file) + "nonsense: 1\n");
    assertThat(ctl("reload")).isEqualTo(1);
    assertThat(err.toString()).contains("lb.yaml:", "/nonsense");
  }

  @ParameterizedTest
  @ValueSource(strings = {"status", "listeners", "pools", "pool web", "backends", "config"})
  void answersAreJsonWhenAskedFor(String command) {
    String text = done((command + " --json").split(" "));
    assertThat(JsonMapper.builder().build().readTree(text).isObject()).isTrue();
  }

  @Test
  void aTokenThatIsNotTheRightOneIsSaidSo() throws Exception {
    Path wrong = Files.writeString(folder.resolve("t"), "lbk_01234567_" + "ab".repeat(32));
    assertThat(ctl("pools", "--token-file", wrong.toString())).isEqualTo(1);
    assertThat(err.toString()).contains("the token is not accepted").doesNotContain("abab");
  }
}
