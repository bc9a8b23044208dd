package dev.weir.bench.audit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.bench.audit.AuditSocket.Body;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AuditSocketTest {
  @TempDir Path folder;
  private final Ledger ledger = new Ledger(3);
  private ExecutorService threads;
  private AuditBackend backend;

  @BeforeEach
  void start() throws IOException {
    threads = Executors.newCachedThreadPool();
    backend = new AuditBackend("b1", 0, folder.resolve("arrivals"), 0);
    threads.submit(
        () -> {
          backend.serve();
          return null;
        });
  }

  @AfterEach
  void stop() throws IOException {
    backend.close();
    threads.shutdownNow();
  }

  private AuditReport report() {
    return ledger.report(1);
  }

  @Test
  void everyKindOfRequestGetsItsAnswer() throws Exception {
    try (AuditSocket socket = new AuditSocket(backend.port(), ledger, 0)) {
      socket.ask("GET", "1.1", 100_000, "chunked", Body.NONE);
      socket.answer();
      socket.ask("HEAD", "1.1", 5000, "", Body.NONE);
      socket.answer();
      socket.ask("POST", "1.1", 1_000_000, "", Body.LENGTH);
      socket.answer();
      socket.ask("POST", "1.1", 259_047, "", Body.CHUNKED); // in chunks of 48 bytes
      socket.answer();
      socket.askFirst(2000);
      socket.hold();
      socket.ask("GET", "1.1", 10, "delay=5", Body.NONE);
      socket.ask("GET", "1.1", 11, "", Body.NONE);
      socket.release();
    }

    // the two of the last write were not waited for
    assertThat(report().answered()).isEqualTo(5);
    assertThat(report().failed()).containsOnlyKeys(Failure.Kind.CLOSED);
    assertThat(report().lost()).isZero();
    assertThat(report().answeredWrites()).hasSize(3);
  }

  @Test
  void pipelinedAnswersCanBeSlow() throws Exception {
    try (AuditSocket socket = new AuditSocket(backend.port(), ledger, 4096)) {
      socket.readSlowly(3000, 1);
      socket.writeSlowly(10, 1);
      socket.hold();
      socket.ask("GET", "1.1", 20_000, "", Body.NONE);
      socket.ask("GET", "1.1", 1, "", Body.NONE);
      socket.release();
      socket.answer();
      socket.answer();
    }

    assertThat(report().answered()).isEqualTo(2);
    assertThat(report().failed()).isEmpty();
  }

  @Test
  void aTunnelEchoesAndIsOneRequest() throws Exception {
    try (AuditSocket socket = new AuditSocket(backend.port(), ledger, 0)) {
      socket.tunnel(5, 20_000);
      socket.half();
    }

    assertThat(report().answered()).isEqualTo(1);
    assertThat(report().failed()).isEmpty();
  }

  @Test
  void anAnswerThatBreaksOffIsAFailure() throws Exception {
    try (AuditSocket socket = new AuditSocket(backend.port(), ledger, 0)) {
      socket.ask("GET", "1.1", 5000, "cut", Body.NONE);
      socket.answer();

      assertThat(socket.usable()).isFalse();
    }

    assertThat(report().failed()).containsOnlyKeys(Failure.Kind.CLOSED);
  }

  @Test
  void anotherBodyThanAskedForIsAFailure() throws Exception {
    try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      threads.submit(
          () -> {
            try (Socket client = server.accept()) {
              client.getInputStream().read();
              long id = (3L << 32) | 1;
              String body = new String(Payload.of(id, 9), StandardCharsets.ISO_8859_1);
              String head =
                  "HTTP/1.1 200 OK\r\nX-Audit-Id: " + id + "\r\nContent-Length: 9\r\n\r\n";
              client.getOutputStream().write((head + body).getBytes(StandardCharsets.ISO_8859_1));
            }
            return null;
          });
      try (AuditSocket socket = new AuditSocket(server.getLocalPort(), ledger, 0)) {
        socket.ask("GET", "1.1", 10, "", Body.NONE); // one byte more than comes
        socket.answer();
      }
    }

    assertThat(report().failed()).containsOnlyKeys(Failure.Kind.WRONG_BODY);
  }

  @Test
  void aRefusedConnectionIsBookedAndNotUsable() throws Exception {
    int port;
    try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = server.getLocalPort();
    }

    try (AuditSocket socket = new AuditSocket(port, ledger, 0)) {
      assertThat(socket.usable()).isFalse();
    }
    assertThat(report().refused()).isEqualTo(1);
    assertThat(report().sent()).isZero();
  }
}
