package dev.weir.udp;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.weir.core.config.UdpConfig;
import dev.weir.core.net.Transport;
import dev.weir.core.observe.Drop;
import dev.weir.udp.UdpRig.Setup;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Datagrams of all sizes, from and to all addresses, of many clients at once. */
@Timeout(120)
class UdpTrafficTest {
  static List<Transport> transports() {
    return Transport.available();
  }

  @ParameterizedTest
  @MethodSource("transports")
  void datagramsOfEverySizePassWhole(Transport transport) throws Exception {
    Random random = new Random(7);
    try (UdpBackend echo = UdpBackend.echo();
        UdpRig rig = UdpRig.before(transport, echo.address())) {
      UdpClient client = rig.client();
      for (int size : new int[] {0, 1, 511, 512, 1472, 1473, 4096, 9000, 65_506, 65_507, 0}) {
        if (size == 0 && transport == Transport.NIO) {
          continue; // see anEmptyDatagramIsCountedWhereItCannotBeSent
        }
        byte[] data = new byte[size];
        random.nextBytes(data);
        assertThat(client.ask(data)).as("%d bytes", size).isEqualTo(data);
      }
      assertThat(rig.drops).isEmpty();
    }
  }

  @Test
  void anEmptyDatagramIsCountedWhereItCannotBeSent() throws Exception {
    try (UdpBackend empty = new UdpBackend(data -> List.of(new byte[0]));
        UdpRig rig = UdpRig.before(Transport.NIO, empty.address())) {
      UdpClient client = rig.client();
      client.send(new byte[0]);
      await().atMost(UdpRig.SOON).until(() -> rig.drops.size() == 1);
      assertThat(rig.drops).containsExactly(Drop.UNSENDABLE);
      // An empty answer passes.
      assertThat(client.ask(new byte[1])).isEmpty();
    }
  }

  @ParameterizedTest
  @MethodSource("transports")
  void anAnswerComesFromTheAddressThatWasSpokenTo(Transport transport) throws Exception {
    for (String wildcard : List.of("0.0.0.0", "::")) {
      try (UdpBackend echo = UdpBackend.echo();
          UdpRig rig = UdpRig.of(Setup.of(transport).on(wildcard), echo.address())) {
        int port = rig.listener.address().getPort();
        List<InetAddress> spoken = addresses(wildcard);
        assertThat(spoken).isNotEmpty();
        for (InetAddress each : spoken) {
          // From an address that is not the one spoken to, where the kernel would choose its own.
          InetSocketAddress from =
              new InetSocketAddress(each instanceof Inet6Address ? "::1" : "127.0.0.1", 0);
          UdpClient client = rig.keep(new UdpClient(from, new InetSocketAddress(each, port)));
          assertThat(client.ask(each.toString())).isEqualTo(each.toString());
        }
      }
    }
  }

  private static List<InetAddress> addresses(String wildcard) throws Exception {
    List<InetAddress> found = new ArrayList<>();
    for (NetworkInterface each : Collections.list(NetworkInterface.getNetworkInterfaces())) {
      for (InetAddress address : Collections.list(each.getInetAddresses())) {
        if (!address.isLinkLocalAddress()
            && (wildcard.equals("::") || !(address instanceof Inet6Address))) {
          found.add(address);
        }
      }
    }
    return found;
  }

  @ParameterizedTest
  @MethodSource("transports")
  void aDatagramThatSaysItComesFromTheListenerIsDropped(Transport transport) throws Exception {
    try (UdpBackend echo = UdpBackend.echo();
        UdpRig rig = UdpRig.of(Setup.of(transport).on("0.0.0.0"), echo.address())) {
      int port = rig.listener.address().getPort();
      UdpClient forged =
          rig.keep(
              new UdpClient(
                  new InetSocketAddress("127.0.0.7", port),
                  new InetSocketAddress("127.0.0.1", port)));
      forged.send("loop");
      await().atMost(UdpRig.SOON).until(() -> rig.drops.size() == 1);
      assertThat(rig.drops).containsExactly(Drop.BAD_SOURCE);
      assertThat(rig.opened.get()).isZero();
    }
  }

  @ParameterizedTest
  @MethodSource("transports")
  void bothAddressFamiliesPassToBackendsOfTheOther(Transport transport) throws Exception {
    Assumptions.assumeTrue(NetworkInterface.getByInetAddress(InetAddress.getByName("::1")) != null);
    try (UdpBackend echo = UdpBackend.echo();
        UdpRig rig = UdpRig.of(Setup.of(transport).on("::1"), echo.address())) {
      UdpClient client =
          rig.keep(new UdpClient(new InetSocketAddress("::1", 0), rig.listener.address()));
      assertThat(client.ask("six to four")).isEqualTo("six to four");
      // The most that IPv6 carries is more than IPv4 does.
      client.send(new byte[65_527]);
      await().atMost(UdpRig.SOON).until(() -> rig.drops.size() == 1);
      assertThat(rig.drops).containsExactly(Drop.UNSENDABLE);
      assertThat(client.ask("still there")).isEqualTo("still there");
    }
  }

  /** Every datagram carries its client and number; each comes to one backend once, and back. */
  @ParameterizedTest
  @MethodSource("transports")
  void manyClientsAtOnceGetTheirOwnAnswers(Transport transport) throws Exception {
    int clients = 200;
    int each = 25;
    UdpConfig once = new UdpConfig(null, 1, null, null);
    ExecutorService threads = Executors.newFixedThreadPool(20);
    try (UdpBackend one = UdpBackend.echo();
        UdpBackend two = UdpBackend.echo();
        UdpRig rig = UdpRig.of(Setup.of(transport).with(once), one.address(), two.address())) {
      List<Future<?>> running = new ArrayList<>();
      for (int c = 0; c < clients; c++) {
        UdpClient client = rig.client();
        String name = "client-" + c + "-";
        running.add(
            threads.submit(
                () -> {
                  for (int i = 0; i < each; i++) {
                    assertThat(client.ask(name + i)).isEqualTo(name + i);
                  }
                  return null;
                }));
      }
      for (Future<?> done : running) {
        done.get(100, TimeUnit.SECONDS);
      }
      Set<String> arrived = new HashSet<>();
      one.received.forEach(data -> assertThat(arrived.add(new String(data, UTF_8))).isTrue());
      two.received.forEach(data -> assertThat(arrived.add(new String(data, UTF_8))).isTrue());
      assertThat(arrived).hasSize(clients * each);
      rig.settled();
      assertThat(rig.ends).hasSize(clients * each);
      assertThat(rig.drops).isEmpty();
      rig.pass(Duration.ofSeconds(31));
      rig.ticked();
      assertThat(rig.ends).hasSize(clients * each);
    } finally {
      threads.shutdownNow();
    }
  }
}
