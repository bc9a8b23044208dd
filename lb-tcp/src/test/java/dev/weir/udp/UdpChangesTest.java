package dev.weir.udp;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.weir.core.backend.Backend;
import dev.weir.core.backend.DetectorState;
import dev.weir.core.backend.Health;
import dev.weir.core.config.AdminState;
import dev.weir.core.config.PoolConfig;
import dev.weir.core.config.UdpConfig;
import dev.weir.core.net.Transport;
import dev.weir.core.observe.Cause;
import dev.weir.core.observe.Drop;
import dev.weir.core.observe.EndSummary.By;
import dev.weir.udp.UdpRig.End;
import dev.weir.udp.UdpRig.Setup;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Backends that go while sessions are bound to them, listeners that change or end. */
@Timeout(60)
class UdpChangesTest {
  private static final Transport AUTO = Transport.of("auto");

  static List<Transport> transports() {
    return Transport.available();
  }

  private static UdpConfig responses(int count) {
    return new UdpConfig(null, count, null, null);
  }

  // The backend goes.

  /** What takes a backend away. */
  private enum Loss {
    MAINT,
    UNHEALTHY,
    EJECTED,
    REMOVED;

    void happenTo(Backend backend) {
      switch (this) {
        case MAINT -> backend.judged(AdminState.MAINT, Health.HEALTHY, false);
        case UNHEALTHY -> backend.judged(AdminState.READY, Health.UNHEALTHY, false);
        case EJECTED -> backend.detected(DetectorState.EJECTED);
        case REMOVED -> backend.left();
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void aSessionLeavesABackendThatIsTakenAway(Loss loss) throws Exception {
    try (UdpBackend one = UdpBackend.named("one");
        UdpBackend two = UdpBackend.named("two");
        UdpRig rig = UdpRig.before(AUTO, one.address(), two.address())) {
      UdpClient client = rig.client();
      assertThat(client.ask("a")).isEqualTo("one:a");
      loss.happenTo(rig.backends.get(0));
      assertThat(client.ask("b")).isEqualTo("two:b");
      assertThat(rig.end()).isEqualTo(new End(Cause.NONE, "b0", 1, 1, 5, 1, 1));
      assertThat(rig.backends.get(0).load()).isZero();
      assertThat(rig.backends.get(1).load()).isEqualTo(1);
    }
  }

  @Test
  void aSessionOfAClientThatIsSilentLeavesItToo() throws Exception {
    try (UdpBackend one = UdpBackend.named("one");
        UdpRig rig = UdpRig.before(AUTO, one.address())) {
      rig.client().ask("a");
      rig.backends.get(0).judged(AdminState.MAINT, Health.HEALTHY, false);
      rig.pass(Duration.ofSeconds(2));
      rig.end();
      rig.settled();
    }
  }

  @Test
  void aSessionStaysWithABackendThatIsDrained() throws Exception {
    try (UdpBackend one = UdpBackend.named("one");
        UdpBackend two = UdpBackend.named("two");
        UdpRig rig = UdpRig.before(AUTO, one.address(), two.address())) {
      UdpClient client = rig.client();
      client.ask("a");
      rig.backends.get(0).judged(AdminState.DRAIN, Health.HEALTHY, false);
      assertThat(client.ask("b")).isEqualTo("one:b");
      assertThat(rig.client().ask("c")).isEqualTo("two:c");
      // Until it leaves.
      rig.backends.get(0).left();
      assertThat(client.ask("d")).isEqualTo("two:d");
    }
  }

  @Test
  void aSessionFollowsABackendWhoseAddressChanges() throws Exception {
    try (UdpBackend one = UdpBackend.named("one");
        UdpBackend two = UdpBackend.named("two");
        UdpRig rig = UdpRig.before(AUTO, one.address())) {
      UdpClient client = rig.client();
      assertThat(client.ask("a")).isEqualTo("one:a");
      rig.backends.get(0).resolved(two.address());
      assertThat(client.ask("b")).isEqualTo("two:b");
    }
  }

  @ParameterizedTest
  @MethodSource("transports")
  void aDatagramThatNobodyListensToGoesToAnotherBackend(Transport transport) throws Exception {
    try (UdpBackend alive = UdpBackend.named("alive");
        UdpRig rig = UdpRig.before(transport, UdpRig.nobody(), alive.address())) {
      UdpClient client = rig.client();
      assertThat(client.ask("a")).isEqualTo("alive:a");
      assertThat(client.ask("b")).isEqualTo("alive:b");
      assertThat(rig.outcomes).containsExactly("b0 REFUSED");
      rig.pass(Duration.ofSeconds(31));
      assertThat(rig.end()).isEqualTo(new End(Cause.IDLE_TIMEOUT, "b1", 2, 2, 14, 2, 2));
      rig.settled();
      assertThat(rig.drops).isEmpty();
    }
  }

  @ParameterizedTest
  @MethodSource("transports")
  void aBurstBehindTheFirstDatagramIsNotLostWithIt(Transport transport) throws Exception {
    try (UdpBackend alive = UdpBackend.echo();
        UdpRig rig = UdpRig.before(transport, UdpRig.nobody(), alive.address())) {
      UdpClient client = rig.client();
      Set<String> sent = new HashSet<>();
      for (int i = 0; i < 5; i++) {
        sent.add("d" + i);
        client.send("d" + i);
      }
      Set<String> heard = new HashSet<>();
      for (int i = 0; i < 5; i++) {
        byte[] answer = client.hear(5_000);
        assertThat(answer).isNotNull();
        heard.add(new String(answer, UTF_8));
      }
      assertThat(heard).isEqualTo(sent);
    }
  }

  @ParameterizedTest
  @MethodSource("transports")
  void whereNobodyListensTheSessionEnds(Transport transport) throws Exception {
    try (UdpRig rig = UdpRig.before(transport, UdpRig.nobody(), UdpRig.nobody(), UdpRig.nobody())) {
      rig.client().send("a");
      assertThat(rig.end()).isEqualTo(new End(Cause.CONNECT_FAILED, "b2", 3, 1, 0, 1, 0));
      rig.settled();
      assertThat(rig.outcomes).containsExactly("b0 REFUSED", "b1 REFUSED", "b2 REFUSED");
      assertThat(rig.drops).containsExactly(Drop.NO_BACKEND);
    }
  }

  @ParameterizedTest
  @MethodSource("transports")
  void aBackendThatStopsEndsTheSessionAndTheNextDatagramGoesElsewhere(Transport transport)
      throws Exception {
    try (UdpBackend one = UdpBackend.named("one");
        UdpBackend two = UdpBackend.named("two");
        UdpRig rig = UdpRig.before(transport, one.address(), two.address())) {
      UdpClient client = rig.client();
      assertThat(client.ask("a")).isEqualTo("one:a");
      one.close();
      client.send("lost");
      assertThat(rig.end().cause()).isEqualTo(Cause.BACKEND_RESET);
      assertThat(rig.endedBy).containsExactly(By.BACKEND_RESET);
      assertThat(rig.outcomes).containsExactly("b0 REFUSED");
      assertThat(client.ask("c")).isEqualTo("two:c");
    }
  }

  @Test
  void withoutAnyBackendTheSessionEndsAtOnce() throws Exception {
    try (UdpRig rig = UdpRig.before(AUTO)) {
      rig.client().send("a");
      assertThat(rig.end()).isEqualTo(new End(Cause.NO_BACKEND, null, 0, 1, 0, 1, 0));
      rig.settled();
      assertThat(rig.drops).containsExactly(Drop.NO_BACKEND);
    }
  }

  @Test
  void aSessionDoesNotWaitForABackendThatIsFull() throws Exception {
    PoolConfig.Limits one = new PoolConfig.Limits(1, null, null, null);
    try (UdpBackend echo = UdpBackend.echo();
        UdpRig rig = UdpRig.of(Setup.of(AUTO).with(one), echo.address())) {
      rig.client().ask("a");
      rig.client().send("b");
      assertThat(rig.end().cause()).isEqualTo(Cause.QUEUE_FULL);
      assertThat(rig.backends.get(0).load()).isEqualTo(1);
    }
  }

  // The listener changes, or ends.

  @Test
  void sessionsFollowAListenerToAnotherPoolAndItsSocketsStay() throws Exception {
    try (UdpBackend one = UdpBackend.named("one");
        UdpBackend two = UdpBackend.named("two");
        UdpRig rig = UdpRig.before(AUTO, one.address())) {
      UdpClient client = rig.client();
      assertThat(client.ask("a")).isEqualTo("one:a");
      var other = rig.pool("other", List.of(rig.backend("c0", two.address())), null);
      rig.listener.replace(rig.handler(other, null));
      assertThat(client.ask("b")).isEqualTo("two:b");
      assertThat(rig.ends).extracting(End::backend).containsExactly("b0");
    }
  }

  @Test
  void newSettingsCountForSessionsThatAreOpen() throws Exception {
    try (UdpBackend one = UdpBackend.echo();
        UdpRig rig = UdpRig.before(AUTO, one.address())) {
      UdpClient client = rig.client();
      client.ask("a");
      rig.listener.replace(rig.handler(rig.pool, responses(1)));
      client.ask("b");
      assertThat(rig.end()).isEqualTo(new End(Cause.NONE, "b0", 1, 2, 2, 2, 2));
    }
  }

  @ParameterizedTest
  @MethodSource("transports")
  void aListenerThatEndsWaitsForTheAnswersThatAreDue(Transport transport) throws Exception {
    try (UdpBackend silent = UdpBackend.silent();
        UdpRig rig = UdpRig.of(Setup.of(transport).with(responses(1)), silent.address())) {
      UdpClient client = rig.client();
      client.send("slow");
      await().atMost(UdpRig.SOON).until(() -> silent.from.size() == 1);
      var retired = rig.listener.retire(Duration.ofSeconds(20));
      rig.ticked();
      rig.client().send("too late");
      silent.send("at last", silent.from.peek());
      assertThat(new String(client.hear(5_000), UTF_8)).isEqualTo("at last");
      retired.get(10, TimeUnit.SECONDS);
      assertThat(rig.end()).isEqualTo(new End(Cause.NONE, "b0", 1, 4, 7, 1, 1));
      rig.settled();
    }
  }

  @ParameterizedTest
  @MethodSource("transports")
  void aListenerThatEndsEndsItsSessionsAndFreesTheAddress(Transport transport) throws Exception {
    try (UdpBackend echo = UdpBackend.echo();
        UdpRig rig = UdpRig.before(transport, echo.address())) {
      rig.client().ask("a");
      rig.listener.retire(Duration.ofSeconds(20)).get(10, TimeUnit.SECONDS);
      assertThat(rig.end()).isEqualTo(new End(Cause.SHUTDOWN, "b0", 1, 1, 1, 1, 1));
      assertThat(rig.endedBy).containsExactly(By.PROXY);
      rig.settled();
      try (UdpBackend again = new UdpBackend(List::of, rig.listener.address().getPort())) {
        assertThat(again.address()).isEqualTo(rig.listener.address());
      }
    }
  }
}
