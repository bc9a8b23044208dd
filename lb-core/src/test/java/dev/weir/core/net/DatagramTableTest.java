package dev.weir.core.net;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class DatagramTableTest {
  private final DatagramTable table = new DatagramTable(42);

  private DatagramSession session(InetSocketAddress client) {
    return DatagramListenerTest.session(table.key(client), client);
  }

  private static InetSocketAddress client(Random random) throws Exception {
    byte[] address = new byte[random.nextBoolean() ? 4 : 16];
    address[0] = (byte) (address.length == 4 ? 10 : 0x20);
    address[address.length - 1] = (byte) random.nextInt(8);
    return new InetSocketAddress(InetAddress.getByAddress(address), 1 + random.nextInt(500));
  }

  @Test
  void itFindsWhatAMapFinds() throws Exception {
    Map<InetSocketAddress, DatagramSession> expected = new HashMap<>();
    Random random = new Random(3);
    for (int i = 0; i < 200_000; i++) {
      InetSocketAddress client = client(random);
      DatagramSession there = expected.get(client);
      assertThat(table.find(client)).isSameAs(there);
      boolean shrinking = i / 20_000 % 2 == 1;
      if (there == null && !(shrinking && random.nextInt(4) > 0)) {
        DatagramSession fresh = session(client);
        table.add(fresh);
        expected.put(client, fresh);
      } else if (there != null && (shrinking || random.nextInt(4) == 0)) {
        table.remove(there);
        table.remove(there);
        expected.remove(client);
      }
      assertThat(table.size()).isEqualTo(expected.size());
    }
    for (DatagramSession each : List.copyOf(expected.values())) {
      table.remove(each);
      assertThat(table.find(each.client())).isNull();
    }
    assertThat(table.size()).isZero();
  }

  /** The sum of address and port is all that the JDK's hash of them is. */
  @Test
  void clientsCannotChooseToStandInOnePlace() throws Exception {
    Set<Integer> places = new HashSet<>();
    List<Integer> hashes = new ArrayList<>();
    for (int i = 0; i < 4096; i++) {
      byte[] address = {10, 0, (byte) (i >> 8), (byte) i};
      InetSocketAddress client = new InetSocketAddress(InetAddress.getByAddress(address), 5000 - i);
      hashes.add(client.hashCode());
      places.add((int) table.key(client) & 4095);
    }
    assertThat(new HashSet<>(hashes)).hasSize(1);
    assertThat(places.size()).isGreaterThan(2000);
  }
}
