package dev.weir.admin.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.core.observe.Cause;
import dev.weir.core.observe.Drop;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TrafficMetricsTest {
  private final TrafficMetrics traffic = new TrafficMetrics(3);

  @Test
  void connectionsAreCountedAcrossLoops() {
    traffic.connectionOpened(0, "web");
    traffic.connectionOpened(2, "web");
    traffic.connectionOpened(1, "db");
    traffic.connectionClosed(2, "web", Cause.IDLE_TIMEOUT);
    assertThat(traffic.openConnections("web")).isEqualTo(1);
    assertThat(traffic.openConnections("db")).isEqualTo(1);
    assertThat(traffic.openConnections("unknown")).isZero();
    assertThat(traffic.listenerCells("web").openedTotal()).isEqualTo(2);
    int idle = Arrays.asList(ListenerCells.CAUSES).indexOf(Cause.IDLE_TIMEOUT);
    assertThat(traffic.listenerCells("web").closedTotal(idle)).isEqualTo(1);
  }

  @Test
  void avoidableFailuresAreCountedForThemselves() {
    traffic.exchangeEnded(TestEnd.avoidable(0));
    traffic.exchangeEnded(TestEnd.avoidable(2));
    traffic.exchangeEnded(TestEnd.http(1, 502, 5));
    assertThat(traffic.listenerCells("web").avoidable()).isEqualTo(2);
  }

  @Test
  void refusedConnectionsAreCountedByCauseAndWereNeverOpen() {
    traffic.connectionRefused(0, "web", Cause.LISTENER_LIMIT);
    traffic.connectionRefused(1, "web", Cause.CLIENT_LIMIT);
    traffic.connectionRefused(2, "web", Cause.CLIENT_LIMIT);
    ListenerCells cells = traffic.listenerCells("web");
    assertThat(cells.refusedTotal(0)).isEqualTo(1);
    assertThat(cells.refusedTotal(1)).isEqualTo(2);
    assertThat(cells.open()).isZero();
  }

  @Test
  void droppedDatagramsAreCountedByReason() {
    traffic.datagramDropped(0, "dns", Drop.AMPLIFICATION);
    traffic.datagramDropped(2, "dns", Drop.AMPLIFICATION);
    traffic.datagramDropped(1, "dns", Drop.UNEXPECTED);
    traffic.connectionRefused(1, "dns", Cause.LOCAL_LIMIT);
    ListenerCells cells = traffic.listenerCells("dns");
    for (int i = 0; i < ListenerCells.DROPS.length; i++) {
      int expected =
          switch (ListenerCells.DROPS[i]) {
            case AMPLIFICATION -> 2;
            case UNEXPECTED -> 1;
            default -> 0;
          };
      assertThat(cells.droppedTotal(i)).isEqualTo(expected);
    }
    assertThat(cells.refusedTotal(2)).isEqualTo(1);
    assertThat(cells.open()).isZero();
  }

  @ParameterizedTest
  @CsvSource({"0,0", "100,1", "204,2", "302,3", "499,4", "599,5", "600,0", "-1,0"})
  void requestsAreCountedByStatusClass(int status, int statusClass) {
    traffic.exchangeEnded(TestEnd.http(1, status, 5));
    ListenerCells cells = traffic.listenerCells("web");
    for (int i = 0; i < ListenerCells.CLASSES.length; i++) {
      assertThat(cells.requests(i)).isEqualTo(i == statusClass ? 1 : 0);
    }
    assertThat(cells.bytesIn()).isEqualTo(10);
    assertThat(cells.bytesOut()).isEqualTo(20);
    assertThat(sessions(cells)).isZero();
  }

  @ParameterizedTest
  @CsvSource({
    "0,0",
    "500000,0",
    "500001,1",
    "1000000,1",
    "9999999999,12",
    "10000000000,12",
    "10000000001,13",
    "9000000000000000000,13"
  })
  void timesFallIntoTheBucketWhoseBoundTheyDoNotExceed(long nanos, int bucket) {
    traffic.exchangeEnded(TestEnd.http(0, 200, nanos));
    long[] buckets = traffic.poolCells("app").counts(PoolCells.TOTAL);
    assertThat(buckets).hasSizeLessThanOrEqualTo(14);
    assertThat(buckets[bucket]).isEqualTo(1);
    assertThat(Arrays.stream(buckets).sum()).isEqualTo(1);
    assertThat(traffic.poolCells("app").seconds(PoolCells.TOTAL)).isEqualTo(nanos / 1e9);
  }

  @Test
  void attemptsBeyondTheFirstAreRetries() {
    traffic.exchangeEnded(TestEnd.http(0, 200, 1).attempts(1));
    traffic.exchangeEnded(TestEnd.http(1, 200, 1).attempts(3));
    traffic.sessionEnded(TestEnd.http(2, 0, 1).attempts(2));
    assertThat(traffic.poolCells("app").retries()).isEqualTo(3);
  }

  @Test
  void whatReachedNoPoolIsCountedAtItsListener() {
    traffic.exchangeEnded(TestEnd.http(0, 404, 1).nowhere(Cause.NO_ROUTE));
    int cause = Arrays.asList(ListenerCells.CAUSES).indexOf(Cause.NO_ROUTE);
    assertThat(traffic.listenerCells("web").ends(cause)).isEqualTo(1);
    assertThat(traffic.size()).isEqualTo(1);
  }

  @Test
  void sessionsDoNotDistortTheTimesOfRequests() {
    traffic.sessionEnded(TestEnd.http(0, 0, TimeUnit.HOURS.toNanos(3)));
    assertThat(sessions(traffic.listenerCells("web"))).isEqualTo(1);
    assertThat(Arrays.stream(traffic.poolCells("app").counts(PoolCells.TOTAL)).sum()).isZero();
  }

  @Test
  void sessionsAreCountedByWhatEndedThem() {
    traffic.sessionEnded(TestEnd.http(0, 0, 1));
    ListenerCells cells = traffic.listenerCells("web");
    assertThat(sessions(cells)).isEqualTo(1);
    assertThat(cells.sessions(Arrays.asList(ListenerCells.ENDERS).indexOf(TestEnd.BY)))
        .isEqualTo(1);
  }

  @Test
  void connectingIsTimedOfRequestsAndSessionsThatDid() {
    traffic.exchangeEnded(TestEnd.http(0, 200, 1));
    traffic.sessionEnded(TestEnd.http(1, 0, 1));
    PoolCells cells = traffic.poolCells("app");
    assertThat(Arrays.stream(cells.counts(PoolCells.CONNECT)).sum()).isEqualTo(2);
    assertThat(cells.seconds(PoolCells.CONNECT)).isEqualTo(2 * TestEnd.CONNECT / 1e9);
  }

  private static long sessions(ListenerCells cells) {
    long all = 0;
    for (int i = 0; i < ListenerCells.ENDERS.length; i++) {
      all += cells.sessions(i);
    }
    return all;
  }
}
