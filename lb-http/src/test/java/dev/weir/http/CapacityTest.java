package dev.weir.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.weir.core.observe.Cause;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Limits, queues, second chances and rescues, over real sockets. */
final class CapacityTest {
  private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";
  private static final String GET = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";

  /** Answers as often as it is allowed to, and counts how many it has at once. */
  private static final class Gate implements RawBackend.Script {
    final Semaphore answers = new Semaphore(0);
    final AtomicInteger inside = new AtomicInteger();
    final AtomicInteger most = new AtomicInteger();

    @Override
    public void serve(RawBackend.Peer peer) throws Exception {
      while (peer.request() != null) {
        most.accumulateAndGet(inside.incrementAndGet(), Math::max);
        answers.acquire();
        inside.decrementAndGet();
        peer.send(OK);
      }
    }
  }

  @Test
  void aBackendNeverHasMoreRequestsThanItsLimitAndTheRestWaitsItsTurn() throws Exception {
    Gate gate = new Gate();
    try (RawBackend backend = new RawBackend(gate);
        Proxy proxy =
            new Proxy(
                Proxy.listening(null, null),
                Proxy.limited(2, null, null, null),
                backend.address())) {
      List<RawClient> clients = new ArrayList<>();
      for (int i = 0; i < 10; i++) {
        clients.add(proxy.client().send(GET));
      }
      await().until(() -> backend.requests.size() == 2 && proxy.pool.waiting().waiting() == 8);
      gate.answers.release(10);
      for (RawClient client : clients) {
        assertThat(client.readResponse()).endsWith("ok");
        client.close();
      }
      assertThat(gate.most).hasValue(2);
      assertThat(proxy.pool.waiting().waiting()).isZero();
    }
  }

  @Test
  void whoWaitsTooLongGets503WithRetryAfter() throws Exception {
    Gate gate = new Gate();
    try (RawBackend backend = new RawBackend(gate);
        Proxy proxy =
            new Proxy(
                Proxy.listening(null, null),
                Proxy.limited(1, null, null, Duration.ofMillis(200)),
                backend.address());
        RawClient first = proxy.client();
        RawClient second = proxy.client()) {
      first.send(GET);
      await().until(() -> backend.requests.size() == 1);
      assertThat(second.send(GET).readResponse())
          .startsWith("HTTP/1.1 503 ")
          .contains("Retry-After: 1\r\n", "Weir-Cause: queue_timeout\r\n");
      gate.answers.release();
      assertThat(first.readResponse()).endsWith("ok");
    }
  }

  @Test
  void whoFindsTheQueueFullGets503AtOnce() throws Exception {
    Gate gate = new Gate();
    try (RawBackend backend = new RawBackend(gate);
        Proxy proxy =
            new Proxy(
                Proxy.listening(null, null), Proxy.limited(1, null, 1, null), backend.address());
        RawClient first = proxy.client();
        RawClient second = proxy.client();
        RawClient third = proxy.client()) {
      first.send(GET);
      await().until(() -> backend.requests.size() == 1);
      second.send(GET);
      await().until(() -> proxy.pool.waiting().waiting() == 1);
      assertThat(third.send(GET).readResponse()).contains("Weir-Cause: queue_full\r\n");
      gate.answers.release(2);
      assertThat(first.readResponse()).endsWith("ok");
      assertThat(second.readResponse()).endsWith("ok");
    }
  }

  @Test
  void aClientThatGoesWhileItWaitsLeavesTheQueue() throws Exception {
    Gate gate = new Gate();
    try (RawBackend backend = new RawBackend(gate);
        Proxy proxy =
            new Proxy(
                Proxy.listening(null, null),
                Proxy.limited(1, null, null, null),
                backend.address());
        RawClient first = proxy.client();
        RawClient second = proxy.client()) {
      first.send(GET);
      await().until(() -> backend.requests.size() == 1);
      second.send(GET);
      await().until(() -> proxy.pool.waiting().waiting() == 1);
      second.reset();
      await().until(() -> proxy.pool.waiting().waiting() == 0);
      gate.answers.release();
      assertThat(first.readResponse()).endsWith("ok");
    }
  }

  @Test
  void theConnectionLimitHoldsAndIdleOnesMakeRoom() throws Exception {
    try (RawBackend backend = RawBackend.answering(OK);
        Proxy proxy =
            new Proxy(
                Proxy.listening(null, null),
                Proxy.limited(null, 1, null, null),
                backend.address());
        RawClient client = proxy.client()) {
      for (int i = 0; i < 3; i++) {
        assertThat(client.send(GET).readResponse()).endsWith("ok");
        // A POST takes no connection that has been idle for a while; there must be room for it.
        await().pollDelay(Duration.ofMillis(120)).until(() -> true);
        client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n");
        assertThat(client.readResponse()).endsWith("ok");
        assertThat(proxy.pool.backends().get(0).connections()).isEqualTo(1);
      }
    }
  }

  @Test
  void anIdempotentRequestThatWaitsForAnEjectedBackendIsRescued() throws Exception {
    try (RawBackend hung =
            new RawBackend(
                peer -> {
                  peer.request();
                  peer.readAll();
                });
        RawBackend good = RawBackend.answering(OK);
        Proxy proxy = Proxy.to(hung.address(), good.address());
        RawClient one = proxy.client();
        RawClient two = proxy.client()) {
      one.send(GET);
      two.send(GET);
      await().until(() -> hung.requests.size() == 1 && proxy.leases() == 1);
      proxy.eject(0);
      assertThat(one.readResponse()).endsWith("ok");
      assertThat(two.readResponse()).endsWith("ok");
      assertThat(proxy.ended).anyMatch(ended -> ended.attempts() == 2);
    }
  }

  @Test
  void aPostThatWaitsForAnEjectedBackendStays() throws Exception {
    Gate gate = new Gate();
    try (RawBackend one = new RawBackend(gate);
        RawBackend two = new RawBackend(gate);
        Proxy proxy = Proxy.to(one.address(), two.address());
        RawClient client = proxy.client()) {
      client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n");
      await().until(() -> one.requests.size() + two.requests.size() == 1);
      proxy.eject(one.requests.isEmpty() ? 1 : 0);
      gate.answers.release();
      assertThat(client.readResponse()).endsWith("ok");
      assertThat(one.requests.size() + two.requests.size()).isEqualTo(1);
    }
  }

  @Test
  void a503IsTriedElsewhereAndPassedOnWhenThereIsNobodyElse() throws Exception {
    String busy = "HTTP/1.1 503 Busy\r\nContent-Length: 4\r\n\r\nbusy";
    try (RawBackend one = RawBackend.answering(busy);
        RawBackend two = RawBackend.answering(OK);
        Proxy proxy = Proxy.to(one.address(), two.address());
        Proxy alone = Proxy.to(one.address());
        RawClient client = proxy.client();
        RawClient unlucky = alone.client()) {
      for (int i = 0; i < 4; i++) {
        assertThat(client.send(GET).readResponse()).startsWith("HTTP/1.1 200");
      }
      assertThat(unlucky.send(GET).readResponse())
          .startsWith("HTTP/1.1 503 Busy\r\n")
          .endsWith("busy");
      client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n");
      client.readResponse();
      client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n");
      client.readResponse();
      assertThat(proxy.ended.stream().filter(ended -> ended.status() == 503)).hasSize(1);
    }
  }

  @Test
  void repetitionsStopWhenTheBudgetIsSpent() throws Exception {
    RawBackend.Script breaks =
        peer -> {
          peer.request();
          peer.reset();
        };
    try (RawBackend one = new RawBackend(breaks);
        RawBackend two = new RawBackend(breaks);
        RawBackend three = new RawBackend(breaks);
        Proxy proxy = Proxy.to(one.address(), two.address(), three.address());
        RawClient client = proxy.client()) {
      int clientRequests = 60;
      for (int i = 0; i < clientRequests; i++) {
        client.send(GET);
        client.readResponse();
        proxy
            .pool
            .backends()
            .forEach(backend -> backend.detected(dev.weir.core.backend.DetectorState.OK));
      }
      int sent = one.requests.size() + two.requests.size() + three.requests.size();
      assertThat(sent).isLessThanOrEqualTo(clientRequests + 30 + clientRequests / 5 + 1);
    }
  }

  @Test
  void aFailureThatAFurtherAttemptCouldHavePreventedIsRecordedAsAvoidable() throws Exception {
    RawBackend.Script breaks =
        peer -> {
          peer.request();
          peer.reset();
        };
    try (RawBackend one = new RawBackend(breaks);
        RawBackend two = new RawBackend(breaks);
        RawBackend three = new RawBackend(breaks);
        RawBackend four = new RawBackend(breaks);
        Proxy many = Proxy.to(one.address(), two.address(), three.address(), four.address());
        Proxy alone = Proxy.to(one.address());
        RawClient client = many.client();
        RawClient unlucky = alone.client()) {
      client.send(GET).readResponse();
      unlucky.send(GET).readResponse();
      assertThat(many.ended.poll().avoidable()).isTrue();
      assertThat(alone.ended.poll().avoidable()).isFalse();
    }
  }

  @Test
  void everyEndIsReportedOnceWithItsCause() throws Exception {
    try (RawBackend backend = RawBackend.answering(OK);
        Proxy proxy = Proxy.to(backend.address());
        RawClient client = proxy.client()) {
      client.send(GET).readResponse();
      client.send("BAD\r\n\r\n").readAll();
      await().until(() -> proxy.ended.size() == 2);
      assertThat(proxy.ended.poll()).isEqualTo(new Proxy.Ended(200, Cause.NONE, 1, "b0", false));
      assertThat(proxy.ended.poll())
          .isEqualTo(new Proxy.Ended(400, Cause.BAD_REQUEST, 0, null, false));
    }
  }
}
