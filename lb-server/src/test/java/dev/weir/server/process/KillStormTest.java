package dev.weir.server.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Four writers change the configuration as fast as they can while the process is killed, again and
 * again; every change that was acknowledged must be there after the restart. {@code
 * -Dweir.kills=200} makes it long; {@code benchmarks/run crash} does the same to the distribution.
 */
class KillStormTest {
  private static final int KILLS = Integer.getInteger("weir.kills", 4);
  private static final int WRITERS = 4;
  private static final int WEIGHTS = 1000;

  @TempDir private Path folder;

  @Test
  void everyAcknowledgedChangeSurvivesKill9() throws Exception {
    configure();
    List<Writer> writers = IntStream.range(0, WRITERS).mapToObj(Writer::new).toList();
    ExecutorService threads = Executors.newFixedThreadPool(WRITERS);
    try {
      for (int kill = 0; kill < KILLS; kill++) {
        storm(threads, writers, kill);
      }
      try (LbProcess lb = start()) {
        writers.forEach(writer -> writer.check(lb));
      }
    } finally {
      threads.shutdownNow();
    }
    long changes = writers.stream().mapToLong(writer -> writer.acknowledged).sum();
    System.out.printf("%d kills, %d acknowledged changes, none lost%n", KILLS, changes);
  }

  private void storm(ExecutorService threads, List<Writer> writers, int kill) throws Exception {
    try (LbProcess lb = start()) {
      int port = lb.adminPort();
      String token = Http.token(folder.resolve("state"));
      writers.forEach(writer -> writer.check(lb));
      AtomicLong acknowledgedNow = new AtomicLong();
      List<Future<?>> running = new ArrayList<>();
      for (Writer writer : writers) {
        running.add(threads.submit(() -> writer.write(port, token, acknowledgedNow)));
      }
      // Between one acknowledged change and some tens of them, a different moment each time.
      long wanted = 1 + (kill * 37L) % 60;
      Awaitility.await()
          .atMost(Duration.ofSeconds(60))
          .pollInterval(Duration.ofMillis(1))
          .until(() -> acknowledgedNow.get() >= wanted);
      lb.signal("KILL");
      for (Future<?> writer : running) {
        writer.get(60, TimeUnit.SECONDS);
      }
      lb.exitCode();
    }
  }

  private LbProcess start() throws IOException {
    LbProcess lb = LbProcess.start(folder, "run", "-c", "lb.yaml");
    lb.adminPort();
    return lb;
  }

  private void configure() throws IOException {
    String backends =
        IntStream.range(0, WRITERS)
            .mapToObj(i -> "b%d: { address: '127.0.0.1:1', weight: 0 }".formatted(i))
            .collect(Collectors.joining(", "));
    Files.writeString(
        folder.resolve("lb.yaml"),
        """
        admin: { bind: '127.0.0.1:0', state: ./state }
        metrics: { bind: '127.0.0.1:0' }
        listeners:
          web: { bind: '127.0.0.1:0', pool: p }
        pools:
          p: { backends: { %s } }
        """
            .formatted(backends));
  }

  /** Counts the weight of one backend up; knows what was acknowledged and what was only sent. */
  private final class Writer {
    private final String path;
    private long sent;
    private long acknowledged;

    Writer(int index) {
      path = "/api/v1/pools/p/backends/b" + index;
    }

    void write(int port, String token, AtomicLong acknowledgedNow) {
      try {
        while (true) {
          sent = acknowledged + 1;
          String body = "{\"weight\":%d}".formatted(sent % WEIGHTS);
          int status = Http.patch(port, path, token, body).statusCode();
          assertThat(status).isEqualTo(200);
          acknowledged = sent;
          acknowledgedNow.incrementAndGet();
        }
      } catch (IOException killed) {
        return;
      } catch (InterruptedException over) {
        Thread.currentThread().interrupt();
      }
    }

    /** What was acknowledged is there; what was only sent may be. */
    void check(LbProcess lb) {
      try {
        String body = Http.get(lb.adminPort(), path, Http.token(folder.resolve("state"))).body();
        long weight = Long.parseLong(body.replaceAll("(?s).*\"weight\"\\s*:\\s*(\\d+).*", "$1"));
        assertThat(weight).as(body).isIn(acknowledged % WEIGHTS, sent % WEIGHTS);
        acknowledged = weight == sent % WEIGHTS ? sent : acknowledged;
      } catch (IOException | InterruptedException failure) {
        throw new AssertionError(failure);
      }
    }
  }
}
