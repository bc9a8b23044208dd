package dev.weir.server.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.weir.server.demo.EchoBackend;
import dev.weir.server.demo.WebBackend;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The whole product as a process: traffic, changes, failures and the end. */
class ServingProcessTest {
  @TempDir private Path folder;

  private WebBackend one;
  private WebBackend two;
  private EchoBackend echo;
  private SlowBackend slow;

  @BeforeEach
  void startBackends() throws IOException {
    one = new WebBackend("web-1");
    two = new WebBackend("web-2");
    echo = new EchoBackend("echo-1");
    slow = new SlowBackend();
  }

  @AfterEach
  void stopBackends() throws IOException {
    one.close();
    two.close();
    echo.close();
    slow.close();
  }

  private LbProcess start(String preDelay) throws IOException {
    Files.writeString(
        folder.resolve("lb.yaml"),
        """
        admin: { bind: '127.0.0.1:0', state: ./state }
        metrics: { bind: '127.0.0.1:0' }
        process: { shutdown: { preDelay: %s, drain: 20s, hard: 60s } }
        listeners:
          web:
            bind: 127.0.0.1:0
            protocol: http
            routes:
              - match: { path: { prefix: /slow } }
                pool: slow
              - pool: web
          echo: { bind: '127.0.0.1:0', protocol: tcp, pool: echo }
        pools:
          web:
            health: { http: { path: /health }, interval: 500ms, timeout: 400ms }
            backends:
              web-1: { address: 127.0.0.1:%d }
              web-2: { address: 127.0.0.1:%d }
          echo:
            backends:
              echo-1: { address: 127.0.0.1:%d }
          slow:
            backends:
              slow-1: { address: 127.0.0.1:%d }
        """
            .formatted(preDelay, one.port(), two.port(), echo.port(), slow.port()));
    return LbProcess.start(folder, "run", "-c", "lb.yaml");
  }

  @Test
  void servesDrainsSurvivesALostBackendAndEndsWithStatus0() throws Exception {
    try (LbProcess lb = start("0s")) {
      int web = lb.port("web");
      String token = token(lb);

      assertThat(Http.get(lb.metricsPort(), "/livez").statusCode()).isEqualTo(200);
      assertThat(Http.get(lb.metricsPort(), "/readyz").statusCode()).isEqualTo(200);
      await().untilAsserted(() -> assertThat(answering(web, 10)).containsOnly("web-1", "web-2"));
      assertThat(echoed(lb.port("echo"), "hello")).isEqualTo("echo-1: hello");

      HttpResponse<String> drained =
          Http.patch(
              lb.adminPort(), "/api/v1/pools/web/backends/web-1", token, "{\"state\":\"DRAIN\"}");
      assertThat(drained.statusCode()).as(drained.body()).isEqualTo(200);
      assertThat(answering(web, 20)).containsOnly("web-2");
      Http.patch(
          lb.adminPort(), "/api/v1/pools/web/backends/web-1", token, "{\"state\":\"READY\"}");
      await().untilAsserted(() -> assertThat(answering(web, 10)).containsOnly("web-1", "web-2"));

      two.crash();
      assertThat(answering(web, 50)).containsOnly("web-1");

      assertThat(Http.get(lb.metricsPort(), "/metrics").body()).contains("weir_build_info");
      lb.signal("TERM");
      assertThat(lb.exitCode()).isZero();
      assertThat(lb.lines()).noneMatch(line -> line.contains("LEAK") || line.contains("ERROR"));
    }
  }

  @Test
  void aRequestInFlightIsFinishedAfterSigterm() throws Exception {
    try (LbProcess lb = start("0s")) {
      int web = lb.port("web");
      CompletableFuture<HttpResponse<String>> request = slowRequest(web);
      slow.awaitRequest();

      lb.signal("TERM");
      lb.awaitLine("SIGTERM");
      await().untilAsserted(() -> assertThat(refused(web)).isTrue());
      assertThat(Http.get(lb.metricsPort(), "/readyz").statusCode()).isEqualTo(503);
      slow.answer();

      assertThat(request.get(20, TimeUnit.SECONDS).body()).isEqualTo("slow");
      assertThat(lb.exitCode()).isZero();
    }
  }

  @Test
  void beforeAcceptingStopsReadyzSaysSo() throws Exception {
    try (LbProcess lb = start("2s")) {
      int web = lb.port("web");
      lb.signal("TERM");
      lb.awaitLine("SIGTERM");

      assertThat(Http.get(lb.metricsPort(), "/readyz").statusCode()).isEqualTo(503);
      assertThat(Http.get(web, "/").statusCode()).isEqualTo(200);
      assertThat(lb.exitCode()).isZero();
    }
  }

  @Test
  void aSecondSigtermEndsNow() throws Exception {
    try (LbProcess lb = start("0s")) {
      CompletableFuture<HttpResponse<String>> request = slowRequest(lb.port("web"));
      slow.awaitRequest();

      lb.signal("TERM");
      lb.awaitLine("SIGTERM: ");
      lb.signal("TERM");

      assertThat(lb.exitCode()).isZero();
      assertThat(request).failsWithin(Duration.ofSeconds(20));
    }
  }

  @Test
  void sigintSkipsTheDelay() throws Exception {
    try (LbProcess lb = start("20s")) {
      lb.port("web");
      lb.adminPort();
      lb.signal("INT");
      await().atMost(Duration.ofSeconds(10)).until(() -> !lb.alive());
      assertThat(lb.exitCode()).isZero();
    }
  }

  @Test
  void sighupReadsTheFileAgainAndReportsLikeTheApi() throws Exception {
    try (LbProcess lb = start("0s")) {
      lb.adminPort();
      Path file = folder.resolve("lb.yaml");
      String good = Files.readString(file);

      Files.writeString(file, good.replace("pool: echo", "pool: ehco"));
      lb.signal("HUP");
      assertThat(lb.awaitLine("reload: (lb.yaml:.*)")).contains("/listeners/echo/pool", "ehco");
      assertThat(echoed(lb.port("echo"), "still")).isEqualTo("echo-1: still");

      Files.writeString(file, good.replaceAll("(?m)^ *web-2: .*\\n", ""));
      lb.signal("HUP");
      assertThat(lb.awaitLine("reload: (  - .*)")).contains("pools/web/backends/web-2");
      assertThat(answering(lb.port("web"), 20)).containsOnly("web-1");
    }
  }

  private String token(LbProcess lb) throws IOException {
    lb.adminPort();
    return Http.token(folder.resolve("state"));
  }

  private static CompletableFuture<HttpResponse<String>> slowRequest(int web) {
    return CompletableFuture.supplyAsync(
        () -> {
          try {
            return Http.get(web, "/slow");
          } catch (IOException | InterruptedException lost) {
            throw new IllegalStateException(lost);
          }
        });
  }

  private static boolean refused(int port) {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      return socket.isClosed();
    } catch (IOException refused) {
      return true;
    }
  }

  /** Who answers; every request must be answered with 200. */
  private static Set<String> answering(int port, int requests)
      throws IOException, InterruptedException {
    Set<String> names = new HashSet<>();
    for (int i = 0; i < requests; i++) {
      HttpResponse<String> answer = Http.get(port, "/some/path?q=" + i);
      assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
      names.add(answer.headers().firstValue("X-Backend").orElse("?"));
    }
    return names;
  }

  private static String echoed(int port, String line) throws IOException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      socket.getOutputStream().write((line + "\n").getBytes(StandardCharsets.UTF_8));
      return new BufferedReader(
              new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8))
          .readLine();
    }
  }
}
