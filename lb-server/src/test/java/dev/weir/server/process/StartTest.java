package dev.weir.server.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the process says, and with which status it ends, when it cannot start. */
class StartTest {
  private static final String BACKEND = "/api/v1/pools/p/backends/b";

  @TempDir private Path folder;

  @Test
  void aPortInUseIsNamedAndEndsTheStartWithStatus1() throws Exception {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      configure("web: { bind: '127.0.0.1:%d', pool: p }".formatted(taken.getLocalPort()));
      try (LbProcess lb = LbProcess.start(folder, "run", "-c", "lb.yaml")) {
        assertThat(lb.exitCode()).isEqualTo(1);
        assertThat(lb.lines()).anyMatch(line -> line.contains("127.0.0.1:" + taken.getLocalPort()));
        assertThat(lb.lines()).noneMatch(line -> line.startsWith("\tat "));
      }
    }
  }

  @Test
  void aWrongConfigurationEndsTheStartWithStatus64AndShowsEveryProblem() throws Exception {
    Files.writeString(
        folder.resolve("lb.yaml"),
        """
        listeners:
          web: { bind: '127.0.0.1:99999', pool: p }
        pools:
          p: { balnce: random, backends: {} }
        """);
    for (String command : new String[] {"run", "check"}) {
      try (LbProcess lb = LbProcess.start(folder, command, "-c", "lb.yaml")) {
        assertThat(lb.exitCode()).isEqualTo(64);
        assertThat(lb.lines()).anyMatch(line -> line.startsWith("lb.yaml:2: /listeners/web/bind"));
        assertThat(lb.lines())
            .anyMatch(line -> line.startsWith("lb.yaml:4: /pools/p") && line.contains("balance"));
      }
    }
  }

  @Test
  void twoProcessesCannotOwnOneStateFolder() throws Exception {
    configure("web: { bind: '127.0.0.1:0', pool: p }");
    try (LbProcess first = LbProcess.start(folder, "run", "-c", "lb.yaml")) {
      first.adminPort();
      try (LbProcess second = LbProcess.start(folder, "run", "-c", "lb.yaml")) {
        assertThat(second.exitCode()).isEqualTo(1);
        assertThat(second.lines()).anyMatch(line -> line.contains("state"));
      }
    }
  }

  @Test
  void aFileThatContradictsApiChangesIsRefusedWithBothSidesUnlessTheyAreDiscarded()
      throws Exception {
    configure("web: { bind: '127.0.0.1:0', pool: p }");
    try (LbProcess lb = LbProcess.start(folder, "run", "-c", "lb.yaml")) {
      int admin = lb.adminPort();
      String token = Http.token(folder.resolve("state"));
      assertThat(Http.patch(admin, BACKEND, token, "{\"weight\": 7}").statusCode()).isEqualTo(200);
      lb.signal("KILL");
      lb.exitCode();
    }
    Path file = folder.resolve("lb.yaml");
    Files.writeString(
        file, Files.readString(file).replace("127.0.0.1:1'", "127.0.0.1:1', weight: 9"));

    try (LbProcess lb = LbProcess.start(folder, "run", "-c", "lb.yaml")) {
      assertThat(lb.exitCode()).isEqualTo(64);
      assertThat(lb.lines())
          .anyMatch(line -> line.matches(".*/pools/p/backends/b/weight.*9.*7.*"))
          .anyMatch(line -> line.contains("--discard-api-changes"));
    }
    try (LbProcess lb = LbProcess.start(folder, "run", "-c", "lb.yaml", "--discard-api-changes")) {
      String token = Http.token(folder.resolve("state"));
      assertThat(Http.get(lb.adminPort(), BACKEND, token).body()).containsPattern("weight\" *: *9");
    }
  }

  @Test
  void wrongArgumentsEndWithStatus64() throws Exception {
    for (String[] arguments : new String[][] {{}, {"rnu"}, {"run", "--nonsense"}}) {
      try (LbProcess lb = LbProcess.start(folder, arguments)) {
        assertThat(lb.exitCode()).isEqualTo(64);
        assertThat(lb.lines()).anyMatch(line -> line.contains("Usage: lb"));
      }
    }
  }

  @Test
  void aGoodConfigurationIsSaidToBeGood() throws Exception {
    configure("web: { bind: '127.0.0.1:0', pool: p }");
    try (LbProcess lb = LbProcess.start(folder, "check", "-c", "lb.yaml")) {
      assertThat(lb.exitCode()).isZero();
      assertThat(lb.lines())
          .anyMatch(line -> line.contains("lb.yaml: good (listeners: 1, pools: 1, backends: 1)"));
    }
  }

  @Test
  void theDemoServesAndEndsByItself() throws Exception {
    try (LbProcess lb = LbProcess.start(folder, "demo", "--for", "4s")) {
      String port = lb.awaitLine("curl -i http://127.0.0.1:(\\d+)/hello");
      assertThat(Http.get(Integer.parseInt(port), "/hello").body()).startsWith("hello from web-");
      assertThat(lb.exitCode()).isZero();
      assertThat(lb.lines()).anyMatch(line -> line.equals("the demo has ended"));
    }
  }

  private void configure(String listener) throws IOException {
    Files.writeString(
        folder.resolve("lb.yaml"),
        """
        admin: { bind: '127.0.0.1:0', state: ./state }
        metrics: { bind: '127.0.0.1:0' }
        listeners:
          %s
        pools:
          p: { backends: { b: { address: '127.0.0.1:1' } } }
        """
            .formatted(listener));
  }
}
