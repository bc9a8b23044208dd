package dev.weir.tcp;

import static dev.weir.tcp.TcpSessionTest.assertReset;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.weir.core.config.PoolConfig;
import dev.weir.core.net.Transport;
import dev.weir.core.observe.Cause;
import dev.weir.tcp.Rig.End;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Sessions beyond the limit of their backends. */
@Timeout(60)
class QueueTest {
  private static Rig rig(int sessions, int queue, Duration wait, InetSocketAddress... backends)
      throws IOException {
    return Rig.limited(
        Transport.of("auto"), new PoolConfig.Limits(sessions, null, queue, wait), backends);
  }

  @Test
  void aSessionWaitsUntilAnotherEnds() throws Exception {
    try (TestBackend backend = new TestBackend();
        Rig rig = rig(1, 10, Duration.ofSeconds(30), backend.address())) {
      Socket first = rig.client();
      Socket server = rig.keep(backend.next());
      Socket second = rig.client();
      await().atMost(Rig.SOON).until(() -> rig.pool.waiting().waiting() == 1);

      first.close();
      server.close();

      Socket next = rig.keep(backend.next());
      next.getOutputStream().write(5);
      assertThat(second.getInputStream().read()).isEqualTo(5);
      second.close();
      next.close();
      await().atMost(Rig.SOON).until(() -> rig.ends.size() == 2);
      assertThat(rig.remembered).isEqualTo("127.0.0.1 queued connected answered");
      rig.settled();
    }
  }

  @Test
  void aFullBackendIsPassedOverForOneWithRoom() throws Exception {
    try (TestBackend one = new TestBackend();
        TestBackend two = new TestBackend();
        Rig rig = rig(1, 10, Duration.ofSeconds(30), one.address(), two.address())) {
      rig.client();
      rig.keep(one.next());
      rig.client();
      rig.keep(two.next());
      assertThat(rig.pool.waiting().waiting()).isZero();
    }
  }

  @Test
  void whoHasWaitedLongEnoughIsReset() throws Exception {
    try (TestBackend backend = new TestBackend();
        Rig rig = rig(1, 10, Duration.ofMillis(150), backend.address())) {
      rig.client();
      rig.keep(backend.next());

      assertReset(rig.client());

      assertThat(rig.end()).isEqualTo(new End(Cause.QUEUE_TIMEOUT, null, 0, 0, 0));
      assertThat(rig.pool.waiting().waiting()).isZero();
    }
  }

  @Test
  void whereNoMoreMayWaitTheClientIsReset() throws Exception {
    try (TestBackend backend = new TestBackend();
        Rig rig = rig(1, 0, Duration.ofSeconds(30), backend.address())) {
      rig.client();
      rig.keep(backend.next());

      assertReset(rig);

      assertThat(rig.end()).isEqualTo(new End(Cause.QUEUE_FULL, null, 0, 0, 0));
    }
  }

  @Test
  void whoLeavesWhileWaitingIsForgotten() throws Exception {
    try (TestBackend backend = new TestBackend();
        Rig rig = rig(1, 10, Duration.ofSeconds(30), backend.address())) {
      Socket first = rig.client();
      Socket server = rig.keep(backend.next());
      Socket second = rig.client();
      await().atMost(Rig.SOON).until(() -> rig.pool.waiting().waiting() == 1);

      TcpSessionTest.reset(second);

      assertThat(rig.end()).isEqualTo(new End(Cause.CLIENT_ABORT, null, 0, 0, 0));
      assertThat(rig.pool.waiting().waiting()).isZero();
      first.close();
      server.close();
      rig.settled();
    }
  }
}
