package dev.weir.udp;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.weir.core.backend.Backend;
import dev.weir.core.config.ListenerConfig;
import dev.weir.core.config.UdpConfig;
import dev.weir.core.net.Transport;
import dev.weir.core.observe.Cause;
import dev.weir.core.observe.Drop;
import dev.weir.core.observe.EndSummary.By;
import dev.weir.udp.UdpRig.End;
import dev.weir.udp.UdpRig.Setup;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** When sessions begin, which backend they are bound to, and when they end. */
@Timeout(60)
class UdpSessionTest {
  private static final Transport AUTO = Transport.of("auto");
  private static final long A_WHILE = 300;

  static List<Transport> transports() {
    return Transport.available();
  }

  private static UdpConfig udp(Integer sessions, Integer responses, Integer requests) {
    return new UdpConfig(sessions, responses, requests, null);
  }

  // Bound to a backend.

  @ParameterizedTest
  @MethodSource("transports")
  void aClientStaysWithItsBackendAndOthersGoElsewhere(Transport transport) throws Exception {
    int[] turn = {0};
    List<Backend> all = new ArrayList<>();
    Setup setup = Setup.of(transport).with(context -> all.get(turn[0]++ % all.size()));
    try (UdpBackend one = UdpBackend.named("one");
        UdpBackend two = UdpBackend.named("two");
        UdpRig rig = UdpRig.of(setup, one.address(), two.address())) {
      all.addAll(rig.backends);
      Set<String> seen = new HashSet<>();
      for (int c = 0; c < 8; c++) {
        UdpClient client = rig.client();
        String first = client.ask("0");
        seen.add(first);
        for (int i = 0; i < 5; i++) {
          assertThat(client.ask("0")).isEqualTo(first);
        }
      }
      assertThat(seen).containsExactlyInAnyOrder("one:0", "two:0");
      // Each session hears its backend on a socket of its own.
      assertThat(new HashSet<>(one.from)).hasSize(4);
      assertThat(rig.backends.get(0).load()).isEqualTo(4);
      assertThat(rig.listener.openConnections()).isEqualTo(8);
      rig.pass(Duration.ofSeconds(31));
      rig.settled();
      assertThat(rig.ends)
          .hasSize(8)
          .allMatch(end -> end.equals(new End(Cause.IDLE_TIMEOUT, end.backend(), 1, 6, 30, 6, 6)));
      assertThat(rig.outcomes).hasSize(8).containsOnly("b0 OK", "b1 OK");
      assertThat(rig.drops).isEmpty();
    }
  }

  @Test
  void theBalancerKnowsTheClientsAddressAndNotItsPort() throws Exception {
    Queue<Long> hashes = new ConcurrentLinkedQueue<>();
    List<Backend> all = new ArrayList<>();
    Setup setup =
        Setup.of(AUTO)
            .with(
                context -> {
                  hashes.add(context.hash());
                  return all.get(0);
                });
    try (UdpBackend echo = UdpBackend.echo();
        UdpRig rig = UdpRig.of(setup, echo.address())) {
      all.addAll(rig.backends);
      for (String host : List.of("127.0.0.2", "127.0.0.2", "127.0.0.3")) {
        UdpClient client =
            rig.keep(new UdpClient(new InetSocketAddress(host, 0), rig.listener.address()));
        client.ask("?");
      }
      assertThat(hashes).containsExactly(0x7f000002L, 0x7f000002L, 0x7f000003L);
    }
  }

  // What ends it.

  @Test
  void aSessionEndsWhenNothingPassesForItsIdleTime() throws Exception {
    try (UdpBackend echo = UdpBackend.echo();
        UdpRig rig = UdpRig.before(AUTO, echo.address())) {
      UdpClient client = rig.client();
      client.ask("a");
      rig.pass(Duration.ofSeconds(29));
      rig.ticked();
      client.ask("b");
      rig.pass(Duration.ofSeconds(29));
      rig.ticked();
      assertThat(rig.ends).isEmpty();
      rig.pass(Duration.ofSeconds(2));
      assertThat(rig.end()).isEqualTo(new End(Cause.IDLE_TIMEOUT, "b0", 1, 2, 2, 2, 2));
      assertThat(rig.endedBy).containsExactly(By.SILENCE);
      rig.settled();
      assertThat(rig.outcomes).containsExactly("b0 OK");
    }
  }

  @ParameterizedTest
  @MethodSource("transports")
  void aSessionEndsWithTheLastAnswerThatIsDue(Transport transport) throws Exception {
    try (UdpBackend twice = new UdpBackend(data -> List.of(data, data));
        UdpRig rig = UdpRig.of(Setup.of(transport).with(udp(null, 2, null)), twice.address())) {
      UdpClient client = rig.client();
      client.ask("a");
      client.hear(5_000);
      assertThat(rig.end()).isEqualTo(new End(Cause.NONE, "b0", 1, 1, 2, 1, 2));
      assertThat(rig.endedBy).containsExactly(By.BACKEND_END);
      rig.settled();
      client.ask("a");
      await().atMost(UdpRig.SOON).until(() -> rig.ends.size() == 2);
      rig.settled();
      assertThat(new HashSet<>(twice.from)).hasSize(2);
    }
  }

  @Test
  void anAnswerThatIsDueAndNeverComesCountsAgainstTheBackend() throws Exception {
    try (UdpBackend silent = UdpBackend.silent();
        UdpRig rig = UdpRig.of(Setup.of(AUTO).with(udp(null, 1, null)), silent.address())) {
      rig.client().send("?");
      await().atMost(UdpRig.SOON).until(() -> silent.received.size() == 1);
      rig.pass(Duration.ofSeconds(31));
      assertThat(rig.end()).isEqualTo(new End(Cause.BACKEND_TIMEOUT, "b0", 1, 1, 0, 1, 0));
      rig.settled();
      assertThat(rig.outcomes).containsExactly("b0 TIMEOUT");
    }
  }

  @Test
  void aClientBeginsAnewAfterAsManyDatagramsAsASessionTakes() throws Exception {
    try (UdpBackend echo = UdpBackend.echo();
        UdpRig rig = UdpRig.of(Setup.of(AUTO).with(udp(null, null, 2)), echo.address())) {
      UdpClient client = rig.client();
      for (String each : List.of("a", "b", "c", "d", "e")) {
        assertThat(client.ask(each)).isEqualTo(each);
      }
      assertThat(new HashSet<>(echo.from)).hasSize(3);
      // The earlier ones still hear what their backend has to say.
      InetSocketAddress first = echo.from.peek();
      echo.send("late", first);
      assertThat(new String(client.hear(5_000), UTF_8)).isEqualTo("late");
      assertThat(rig.listener.openConnections()).isEqualTo(3);
      rig.pass(Duration.ofSeconds(31));
      rig.settled();
      assertThat(rig.ends).hasSize(3);
    }
  }

  @Test
  void whereNothingIsAnsweredAnswersAreDropped() throws Exception {
    try (UdpBackend echo = UdpBackend.echo();
        UdpRig rig = UdpRig.of(Setup.of(AUTO).with(udp(null, 0, null)), echo.address())) {
      UdpClient client = rig.client();
      client.send("<34>log");
      await().atMost(UdpRig.SOON).until(() -> rig.drops.size() == 1);
      assertThat(rig.drops).containsExactly(Drop.UNEXPECTED);
      assertThat(client.hear(A_WHILE)).isNull();
      rig.pass(Duration.ofSeconds(31));
      assertThat(rig.end()).isEqualTo(new End(Cause.IDLE_TIMEOUT, "b0", 1, 7, 0, 1, 0));
      rig.settled();
      assertThat(rig.outcomes).containsExactly("b0 LOCAL");
    }
  }

  @Test
  void whereNothingIsAnsweredTheLastDatagramOfASessionEndsIt() throws Exception {
    try (UdpBackend silent = UdpBackend.silent();
        UdpRig rig = UdpRig.of(Setup.of(AUTO).with(udp(null, 0, 2)), silent.address())) {
      UdpClient client = rig.client();
      client.send("a");
      client.send("b");
      assertThat(rig.end()).isEqualTo(new End(Cause.NONE, "b0", 1, 2, 0, 2, 0));
      client.send("c");
      await().atMost(UdpRig.SOON).until(() -> silent.received.size() == 3);
      assertThat(rig.listener.openConnections()).isEqualTo(1);
    }
  }

  // Limits.

  @ParameterizedTest
  @MethodSource("transports")
  void asManySessionsAsConfiguredAndNoMore(Transport transport) throws Exception {
    try (UdpBackend echo = UdpBackend.echo();
        UdpRig rig = UdpRig.of(Setup.of(transport).with(udp(2, null, null)), echo.address())) {
      UdpClient first = rig.client();
      first.ask("a");
      rig.client().ask("b");
      UdpClient third = rig.client();
      third.send("c");
      await().atMost(UdpRig.SOON).until(() -> rig.refused.size() == 1);
      assertThat(rig.refused).containsExactly(Cause.LISTENER_LIMIT);
      assertThat(rig.drops).containsExactly(Drop.LISTENER_LIMIT);
      assertThat(first.ask("d")).isEqualTo("d");
      rig.pass(Duration.ofSeconds(31));
      await().atMost(UdpRig.SOON).until(() -> rig.ends.size() == 2);
      assertThat(third.ask("e")).isEqualTo("e");
      assertThat(rig.opened.get()).isEqualTo(3);
    }
  }

  @Test
  void oneClientMayNotTakeAllSessions() throws Exception {
    ListenerConfig.Limits two = ListenerConfig.Limits.ofConnections(null, 2);
    try (UdpBackend echo = UdpBackend.echo();
        UdpRig rig = UdpRig.of(Setup.of(AUTO).with(two), echo.address())) {
      rig.client().ask("a");
      rig.client().ask("b");
      rig.client().send("c");
      await().atMost(UdpRig.SOON).until(() -> rig.refused.size() == 1);
      assertThat(rig.refused).containsExactly(Cause.CLIENT_LIMIT);
      UdpClient other =
          rig.keep(new UdpClient(new InetSocketAddress("127.0.0.9", 0), rig.listener.address()));
      assertThat(other.ask("d")).isEqualTo("d");
    }
  }

  @Test
  void sessionsTakeHalfOfTheConnectionsOfTheProcessAtMost() throws Exception {
    try (UdpBackend echo = UdpBackend.echo();
        UdpRig rig = UdpRig.of(Setup.of(AUTO).atMost(4), echo.address())) {
      rig.client().ask("a");
      rig.client().ask("b");
      rig.client().send("c");
      await().atMost(UdpRig.SOON).until(() -> rig.refused.size() == 1);
      assertThat(rig.refused).containsExactly(Cause.LOCAL_LIMIT);
      assertThat(rig.drops).containsExactly(Drop.LOCAL_LIMIT);
      rig.pass(Duration.ofSeconds(31));
      rig.settled();
      assertThat(rig.client().ask("d")).isEqualTo("d");
    }
  }

  @Test
  void aClientGetsNoMoreBytesThanItMayCause() throws Exception {
    byte[] fifty = new byte[50];
    UdpConfig guarded = new UdpConfig(null, null, null, 3);
    try (UdpBackend chatty = new UdpBackend(data -> List.of(fifty, fifty, fifty));
        UdpRig rig = UdpRig.of(Setup.of(AUTO).with(guarded), chatty.address())) {
      UdpClient client = rig.client();
      assertThat(client.ask(new byte[40])).hasSize(50);
      assertThat(client.hear(5_000)).hasSize(50);
      await().atMost(UdpRig.SOON).until(() -> rig.drops.size() == 1);
      assertThat(rig.drops).containsExactly(Drop.AMPLIFICATION);
      assertThat(client.hear(A_WHILE)).isNull();
      // The next datagram pays for more: 240 bytes in all, 100 of them used.
      assertThat(client.ask(new byte[40])).hasSize(50);
      assertThat(client.hear(5_000)).hasSize(50);
      assertThat(client.hear(A_WHILE)).isNull();
      rig.pass(Duration.ofSeconds(31));
      assertThat(rig.end().out()).isEqualTo(200);
    }
  }
}
