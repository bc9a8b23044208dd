package dev.weir.core.net;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Counting connections by client, without locks. */
final class ClientTableTest {
  private static final long SEED = 0x5eed;

  private static long key(ClientTable table, String address, int prefix4, int prefix6)
      throws Exception {
    return table.key(InetAddress.getByName(address), prefix4, prefix6);
  }

  @Test
  void aClientHasAsManyAsItMayAndNoMore() {
    ClientTable table = new ClientTable(1000, SEED);
    int first = table.enter(77, 2);
    int second = table.enter(77, 2);
    assertThat(first).isNotNegative();
    assertThat(second).isNotNegative();
    assertThat(table.enter(77, 2)).isEqualTo(ClientTable.REFUSED);
    assertThat(table.sum(77)).isEqualTo(2);
    assertThat(table.enter(1L << 40, 2)).isNotNegative();
    table.leave(first);
    assertThat(table.enter(77, 2)).isNotNegative();
    assertThat(table.enter(77, 2)).isEqualTo(ClientTable.REFUSED);
  }

  @Test
  void nothingIsLeftOfClientsThatHaveGone() {
    ClientTable table = new ClientTable(1000, SEED);
    List<Integer> places = new ArrayList<>();
    for (long client = 1; client <= 1000; client++) {
      long key = client * 0x9e3779b97f4a7c15L;
      places.add(table.enter(key, 5));
      places.add(table.enter(key, 5));
    }
    assertThat(places).noneMatch(place -> place < 0);
    assertThat(table.clients()).isEqualTo(1000);
    places.forEach(table::leave);
    assertThat(table.clients()).isZero();
  }

  @Test
  void whenThePlacesOfAClientAreTakenItIsNotCounted() {
    ClientTable table = new ClientTable(1, SEED);
    List<Integer> places = new ArrayList<>();
    int place = table.enter(1L << 16, 1);
    for (long client = 2; place >= 0; client++) {
      places.add(place);
      // The same place, another client.
      place = table.enter(client << 16, 1);
    }
    assertThat(place).isEqualTo(ClientTable.UNCOUNTED);
    assertThat(places).hasSize(64).doesNotHaveDuplicates();
    assertThat(table.enter(1L << 16, 1)).isEqualTo(ClientTable.REFUSED);
    table.leave(places.get(10));
    assertThat(table.enter(999L << 16, 1)).isNotNegative();
  }

  @Test
  void theSizeFollowsTheNumberOfClients() {
    assertThat(ClientTable.places(1)).isEqualTo(1024);
    assertThat(ClientTable.places(512)).isEqualTo(1024);
    assertThat(ClientTable.places(513)).isEqualTo(2048);
    assertThat(ClientTable.places(100_000)).isEqualTo(262_144);
    assertThat(ClientTable.places(Integer.MAX_VALUE)).isEqualTo(1 << 21);
  }

  @ParameterizedTest
  @CsvSource({
    "192.0.2.1, 192.0.2.1, 32, 64, true",
    "192.0.2.1, 192.0.2.2, 32, 64, false",
    "192.0.2.1, 192.0.2.255, 24, 64, true",
    "192.0.2.1, 192.0.3.1, 24, 64, false",
    "200.0.2.1, 200.255.3.1, 8, 64, true",
    "2001:db8:0:1::1, 2001:db8:0:1:ffff::9, 32, 64, true",
    "2001:db8:0:1::1, 2001:db8:0:2::1, 32, 64, false",
    "2001:db8:0:1::1, 2001:db8:0:2::1, 32, 48, true",
    "2001:db8:1::1, 2001:db8:2::1, 32, 48, false",
    "2001:db8::1, 2001:db8::2, 32, 128, false",
    "2001:db8::1, 2001:db8::1, 32, 128, true",
    "2001:db8::1:0, 2001:db8::1:ffff, 32, 112, true",
    "2001:db8::1:0, 2001:db8::2:ffff, 32, 112, false",
    "::192.0.2.1, 192.0.2.1, 32, 128, false",
  })
  void aClientIsTheFirstBitsOfItsAddress(
      String one, String other, int prefix4, int prefix6, boolean same) throws Exception {
    ClientTable table = new ClientTable(1, SEED);
    long first = key(table, one, prefix4, prefix6);
    long second = key(table, other, prefix4, prefix6);
    assertThat(first == second).isEqualTo(same);
  }

  @Test
  void anotherSeedPutsClientsElsewhere() throws Exception {
    ClientTable other = new ClientTable(1, SEED + 1);
    for (String address : List.of("192.0.2.1", "2001:db8::1")) {
      assertThat(key(other, address, 32, 64))
          .isNotEqualTo(key(new ClientTable(1, SEED), address, 32, 64));
    }
  }

  @Test
  void manyThreadsNeverAdmitMoreThanTheLimitAndLeaveNothingBehind() throws Exception {
    int threads = 4;
    int most = 3;
    ClientTable table = new ClientTable(1, SEED);
    AtomicInteger[] admitted = new AtomicInteger[8];
    for (int i = 0; i < admitted.length; i++) {
      admitted[i] = new AtomicInteger();
    }
    ExecutorService pool = Executors.newFixedThreadPool(threads);
    CyclicBarrier start = new CyclicBarrier(threads);
    List<Future<Integer>> done = new ArrayList<>();
    for (int t = 0; t < threads; t++) {
      int own = t;
      done.add(
          pool.submit(
              () -> {
                start.await();
                int worst = 0;
                for (int i = 0; i < 100_000; i++) {
                  int client = (i * 7 + own) % admitted.length;
                  // All in one window, so that they compete for its places.
                  int place = table.enter((client + 1L) << 20, most);
                  if (place >= 0) {
                    worst = Math.max(worst, admitted[client].incrementAndGet());
                    admitted[client].decrementAndGet();
                    table.leave(place);
                  }
                }
                return worst;
              }));
    }
    for (Future<Integer> each : done) {
      assertThat(each.get(60, TimeUnit.SECONDS)).isBetween(1, most);
    }
    pool.shutdownNow();
    assertThat(table.clients()).isZero();
  }
}
