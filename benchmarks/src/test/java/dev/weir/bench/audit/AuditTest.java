package dev.weir.bench.audit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.bench.audit.Ledger.Closed;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AuditTest {
  private static final AuditBounds NONE = new AuditBounds(0, 0, 0, 0);
  private static final Arrivals NO_ARRIVALS = new Arrivals(0, 0, 0, 0);

  @TempDir Path folder;
  private ExecutorService threads;

  @BeforeEach
  void start() {
    threads = Executors.newCachedThreadPool();
  }

  @AfterEach
  void stop() {
    threads.shutdownNow();
  }

  private static AuditPlan plan(int port, int connections, boolean reopen) {
    return new AuditPlan(port, connections, 200, 1, 30, 2000, 1000, reopen);
  }

  /** A server that answers each request head with what the function makes of its id. */
  private ServerSocket scripted(Function<String, String> answer) throws IOException {
    ServerSocket server = new ServerSocket(0, 16, InetAddress.getLoopbackAddress());
    threads.execute(
        () -> {
          while (!server.isClosed()) {
            try (Socket client = server.accept()) {
              converse(client, answer);
            } catch (IOException closed) {
              // the next connection, or the end
            }
          }
        });
    return server;
  }

  private static void converse(Socket client, Function<String, String> answer) throws IOException {
    InputStream in = client.getInputStream();
    StringBuilder head = new StringBuilder();
    for (int next = in.read(); next >= 0; next = in.read()) {
      head.append((char) next);
      if (head.toString().endsWith("\r\n\r\n")) {
        String id = head.toString().split("[ /]+")[2];
        head.setLength(0);
        String reply = answer.apply(id);
        client.getOutputStream().write(reply.getBytes(StandardCharsets.ISO_8859_1));
        if (reply.isEmpty() || reply.contains("Connection: close")) {
          return;
        }
      }
    }
  }

  private static String ok(String id, String extra) {
    String body = new String(Payload.of(Long.parseLong(id), 9), StandardCharsets.ISO_8859_1);
    return "HTTP/1.1 200 OK\r\nX-Audit-Id: "
        + id
        + "\r\n"
        + extra
        + "Content-Length: 9\r\n\r\n"
        + body;
  }

  private static AuditReport gets(int port) {
    return new AuditClient(new AuditPlan(port, 1, 50, 1, 0, 9, 500, true), 1).run();
  }

  @Test
  void againstAnHonestBackendTheBooksBalanceAndNothingIsClosed() throws Exception {
    Path log = folder.resolve("arrivals");
    try (AuditBackend backend = new AuditBackend("b1", 0, log, 0)) {
      threads.submit(
          () -> {
            backend.serve();
            return null;
          });

      AuditReport report = new AuditClient(plan(backend.port(), 8, true), 5).run();
      Arrivals arrivals = Arrivals.check(report, List.of(log));

      assertThat(NONE.exceeded(report, arrivals)).isEmpty();
      assertThat(report.answered()).isEqualTo(report.sent()).isGreaterThan(50);
      assertThat(report.opened()).isEqualTo(8);
      assertThat(report.byBackend()).containsOnlyKeys("b1");
      assertThat(arrivals.arrived()).isEqualTo(report.sent());
      assertThat(Arrivals.check(report, List.of(log, log)).duplicatedWrites())
          .isEqualTo(report.answeredWrites().size())
          .isPositive();
    }
  }

  @Test
  void anAnswerToAnotherRequestIsCrossed() throws Exception {
    try (ServerSocket server = scripted(id -> ok(String.valueOf(Long.parseLong(id) + 1), ""))) {
      AuditReport report = gets(server.getLocalPort());

      assertThat(report.failed()).containsOnlyKeys(Failure.Kind.CROSSED);
      assertThat(report.closed()).containsOnlyKeys(Closed.BY_CLIENT);
      assertThat(NONE.exceeded(report, NO_ARRIVALS)).anyMatch(text -> text.contains("corrupted"));
    }
  }

  @Test
  void theRightIdWithTheWrongBodyIsAWrongBody() throws Exception {
    try (ServerSocket server = scripted(id -> ok(id, "").replaceAll("(?s).{9}$", "123456789"))) {
      AuditReport report = gets(server.getLocalPort());

      assertThat(report.failed()).containsOnlyKeys(Failure.Kind.WRONG_BODY);
    }
  }

  @Test
  void aConnectionClosedWithARequestOutIsOneFailureAndOneEvent() throws Exception {
    try (ServerSocket server = scripted(id -> "")) {
      AuditReport report = gets(server.getLocalPort());

      assertThat(report.failed()).containsOnlyKeys(Failure.Kind.CLOSED);
      assertThat(report.closed().get(Closed.IN_FLIGHT)).isEqualTo(report.sent());
      assertThat(report.lost()).isZero();
    }
  }

  @Test
  void anAnnouncedCloseIsCountedApartAndIsNoFailure() throws Exception {
    try (ServerSocket server = scripted(id -> ok(id, "Connection: close\r\n"))) {
      AuditReport report = gets(server.getLocalPort());

      assertThat(report.failed()).isEmpty();
      assertThat(report.closed()).containsOnlyKeys(Closed.ANNOUNCED);
      assertThat(report.opened()).isGreaterThan(1);
      assertThat(NONE.exceeded(report, NO_ARRIVALS)).hasSize(1);
      assertThat(new AuditBounds(0, -1, 0, 0).exceeded(report, NO_ARRIVALS)).isEmpty();
    }
  }

  @Test
  void aStatusOtherThan200IsAFailureWithItsStatus() throws Exception {
    try (ServerSocket server =
        scripted(id -> "HTTP/1.1 503 Service Unavailable\r\nContent-Length: 4\r\n\r\nbusy")) {
      AuditReport report = gets(server.getLocalPort());

      assertThat(report.failures()).allMatch(failure -> failure.status() == 503);
      assertThat(report.failures().get(0).detail()).isEqualTo("busy");
      assertThat(report.closed()).isEmpty();
    }
  }

  @Test
  void anAnswerThatNeverComesIsATimeOut() throws Exception {
    try (ServerSocket server = scripted(id -> "HTTP/1.1 200 OK\r\n")) {
      AuditReport report = gets(server.getLocalPort());

      assertThat(report.failed()).containsOnlyKeys(Failure.Kind.TIMEOUT);
      assertThat(report.lost()).isZero();
    }
  }

  @Test
  void aRefusedConnectionIsCountedAndNotAFailedRequest() throws Exception {
    int port;
    try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = server.getLocalPort();
    }

    AuditReport report = new AuditClient(plan(port, 1, false), 1).run();

    assertThat(report.refused()).isEqualTo(1);
    assertThat(report.sent()).isZero();
    assertThat(NONE.exceeded(report, NO_ARRIVALS))
        .containsExactly("1 connections refused, at most 0 allowed", "nothing was answered");
  }

  @Test
  void arrivalsOfOtherRunsAreNotCounted() throws Exception {
    Path log = folder.resolve("arrivals");
    ArrivalLog written = ArrivalLog.create(log);
    written.add((6L << 32) | 1 | Arrivals.WRITE);
    written.add((5L << 32) | 1 | Arrivals.WRITE);
    written.add((5L << 32) | 1 | Arrivals.WRITE);
    written.add((5L << 32) | 2);
    Ledger ledger = new Ledger(5);
    ledger.answered(ledger.send(), true, "b1", 10);
    ledger.send();
    ledger.answered(ledger.send(), true, "b1", 10);

    Arrivals arrivals = Arrivals.check(ledger.report(1), List.of(log));

    assertThat(arrivals).isEqualTo(new Arrivals(3, 1, 0, 1));
  }
}
