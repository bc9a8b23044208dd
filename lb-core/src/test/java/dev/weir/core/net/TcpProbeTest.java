package dev.weir.core.net;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.core.config.HealthConfig;
import dev.weir.core.config.PoolConfig;
import dev.weir.core.control.ControlLoop.Cancellable;
import dev.weir.core.control.Ticker;
import dev.weir.core.health.ProbeResult;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@Timeout(30)
class TcpProbeTest {
  private static final Duration LONG = Duration.ofSeconds(20);
  private static final PoolConfig ANY = new PoolConfig(null, null, null, null, null, null);

  private final Loops loops =
      new Loops(Transport.of("auto"), 1, Ticker.system(), new SplittableRandom(1));
  private final TcpProbe probe = new TcpProbe(loops, ANY);
  private final CompletableFuture<ProbeResult> answer = new CompletableFuture<>();

  @AfterEach
  void close() {
    Awaitility.await().until(() -> loops.budget().upstreamConnections() == 0);
    loops.close();
  }

  private Cancellable ask(InetSocketAddress target, Duration timeout) {
    return probe.ask(target, "backend:80", timeout, answer::complete);
  }

  @Test
  void aListeningPortIsASuccessAndTheConnectionIsGivenUpAtOnce() throws Exception {
    try (ServerSocket server = new ServerSocket(0, 10, InetAddress.getLoopbackAddress())) {
      ask((InetSocketAddress) server.getLocalSocketAddress(), LONG);

      ProbeResult result = answer.get(10, TimeUnit.SECONDS);
      assertThat(result.success()).isTrue();
      assertThat(result.reason()).isEqualTo("connected");
      assertThat(result.nanos()).isPositive();
    }
  }

  @ParameterizedTest
  @EnumSource(ProxyVersion.class)
  void aBackendThatWantsToKnowIsToldThatItIsNobodysConnection(ProxyVersion version)
      throws Exception {
    try (ServerSocket server = new ServerSocket(0, 10, InetAddress.getLoopbackAddress())) {
      new TcpProbe(loops, ANY.withProxyProtocol(version.name().toLowerCase(Locale.ROOT)))
          .ask(
              (InetSocketAddress) server.getLocalSocketAddress(),
              "backend:80",
              LONG,
              answer::complete);

      assertThat(answer.get(10, TimeUnit.SECONDS).success()).isTrue();
      try (Socket probed = server.accept()) {
        // To the end, without a reset.
        assertThat(probed.getInputStream().readAllBytes()).isEqualTo(version.local());
      }
    }
  }

  @Test
  void probesMayDoWithoutWhatConnectionsBeginWith() {
    HealthConfig plain = new HealthConfig(null, null, null, null, null, null, null, false, null);
    HealthConfig usual = new HealthConfig(null, null, null, null, null, null, null);
    PoolConfig pool = new PoolConfig(null, plain, null, null, null, null);
    assertThat(ProxyVersion.ofProbes(pool.withProxyProtocol("v2"))).isNull();
    pool = new PoolConfig(null, usual, null, null, null, null);
    assertThat(ProxyVersion.ofProbes(pool.withProxyProtocol("v2"))).isEqualTo(ProxyVersion.V2);
    assertThat(ProxyVersion.ofProbes(pool.withProxyProtocol("off"))).isNull();
  }

  @Test
  void aClosedPortIsRefused() throws Exception {
    InetSocketAddress nobody;
    try (ServerSocket gone = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      nobody = (InetSocketAddress) gone.getLocalSocketAddress();
    }
    ask(nobody, LONG);

    ProbeResult result = answer.get(10, TimeUnit.SECONDS);
    assertThat(result.success()).isFalse();
    assertThat(result.reason()).isEqualTo("connection refused");
  }

  @Test
  void silenceIsAFailureWithTheTimeoutInIt() throws Exception {
    List<Socket> filling = new ArrayList<>();
    try (ServerSocket full = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      InetSocketAddress to = (InetSocketAddress) full.getLocalSocketAddress();
      UpstreamConnectTest.fill(to, filling);
      ask(to, Duration.ofMillis(150));

      ProbeResult result = answer.get(10, TimeUnit.SECONDS);
      assertThat(result.success()).isFalse();
      assertThat(result.reason()).isEqualTo("no answer within 150 ms");
    } finally {
      close(filling);
    }
  }

  @Test
  void aCancelledQuestionIsNotAnswered() throws Exception {
    List<Socket> filling = new ArrayList<>();
    try (ServerSocket full = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      InetSocketAddress to = (InetSocketAddress) full.getLocalSocketAddress();
      UpstreamConnectTest.fill(to, filling);
      Cancellable question = ask(to, LONG);
      question.cancel();
      question.cancel();

      Awaitility.await()
          .during(Duration.ofMillis(100))
          .until(() -> loops.budget().upstreamConnections() == 0);
      assertThat(answer).isNotDone();
    } finally {
      close(filling);
    }
  }

  private static void close(List<Socket> sockets) throws IOException {
    for (Socket socket : sockets) {
      socket.close();
    }
  }
}
