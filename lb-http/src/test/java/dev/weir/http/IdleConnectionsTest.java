package dev.weir.http;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Which waiting connection serves which request, and which is closed; in virtual time. */
final class IdleConnectionsTest {
  private static final long MILLI = 1_000_000L;
  private static final int MAX = 64;

  private long now = 1_000 * MILLI;
  private final IdleConnections<Connection> idle = new IdleConnections<>(MAX, now);

  private final class Connection implements IdleConnections.Waiting {
    private final long since = now;
    private final ProxiedClient client;
    private boolean heard;
    private boolean known;
    private boolean open = true;
    private int asked;

    Connection(ProxiedClient client) {
      this.client = client;
    }

    @Override
    public long idleSince() {
      return since;
    }

    @Override
    public boolean quiet(boolean ask) {
      asked += ask ? 1 : 0;
      return !(ask ? heard : known);
    }

    @Override
    public ProxiedClient client() {
      return client;
    }

    @Override
    public void endIdle() {
      idle.remove(this);
      open = false;
    }

    /** The backend closes it, and the loop hears of that. */
    private void lose() {
      open = false;
      idle.lost(this, now);
    }
  }

  private Connection waiting() {
    return waiting(null);
  }

  private Connection waiting(ProxiedClient client) {
    Connection connection = new Connection(client);
    assertThat(idle.put(connection)).isTrue();
    return connection;
  }

  private Connection take(boolean repeatable) {
    return take(null, repeatable);
  }

  private Connection take(ProxiedClient client, boolean repeatable) {
    return idle.take(client, repeatable, now);
  }

  private void pass(long millis) {
    now += millis * MILLI;
  }

  @Test
  void theOneUsedLastIsUsedFirst() {
    Connection first = waiting();
    Connection second = waiting();
    assertThat(take(true)).isSameAs(second);
    assertThat(take(true)).isSameAs(first);
    assertThat(take(true)).isNull();
  }

  @Test
  void whatMayNotBeSentTwiceTakesOnlyAConnectionOfAMomentAgo() {
    Connection connection = waiting();
    pass(99);
    assertThat(take(false)).isSameAs(connection);
    waiting();
    pass(100);
    assertThat(take(false)).isNull();
    assertThat(idle.size()).isEqualTo(1);
    assertThat(take(true)).isNotNull();
  }

  @Test
  void halfOfTheBackendsOwnLimitIsLearned() {
    Connection lost = waiting();
    pass(80);
    lost.lose();
    assertThat(idle.size()).isZero();
    Connection connection = waiting();
    pass(39);
    assertThat(take(false)).isSameAs(connection);
    waiting();
    pass(40);
    assertThat(take(false)).isNull();
  }

  @Test
  void aLongerLifeDoesNotRaiseTheLimitAtOnce() {
    Connection shortLived = waiting();
    pass(20);
    shortLived.lose();
    Connection longLived = waiting();
    pass(5_000);
    longLived.lose();
    waiting();
    pass(10);
    assertThat(take(false)).isNull();
  }

  @Test
  void oneThatIsClosedAtOnceDoesNotEndReuse() {
    waiting().lose();
    Connection connection = waiting();
    pass(4);
    assertThat(take(false)).isSameAs(connection);
    waiting();
    pass(5);
    assertThat(take(false)).isNull();
  }

  @Test
  void aRestartOfTheBackendIsForgotten() {
    waiting().lose();
    pass(120_000);
    Connection connection = waiting();
    pass(99);
    assertThat(take(false)).isSameAs(connection);
  }

  @Test
  void aConnectionThatDiedInUseTeachesToo() {
    idle.closedAfter(40 * MILLI, now);
    waiting();
    pass(20);
    assertThat(take(false)).isNull();
  }

  @Test
  void whatHasSentSomethingOrEndedIsClosedAndTheNextIsTaken() {
    Connection good = waiting();
    Connection bad = waiting();
    Connection worse = waiting();
    bad.heard = true;
    worse.heard = true;
    pass(1);
    assertThat(take(true)).isSameAs(good);
    assertThat(bad.open).isFalse();
    assertThat(worse.open).isFalse();
    assertThat(idle.size()).isZero();
  }

  @Test
  void theKernelIsAskedFromAMillisecondOnAndWhatIsKnownIsHeededBefore() {
    Connection connection = waiting();
    now += MILLI - 1;
    assertThat(take(true)).isSameAs(connection);
    assertThat(connection.asked).isZero();
    Connection asked = waiting();
    pass(1);
    assertThat(take(true)).isSameAs(asked);
    assertThat(asked.asked).isEqualTo(1);
    Connection unread = waiting();
    unread.known = true;
    assertThat(take(true)).isNull();
    assertThat(unread.open).isFalse();
  }

  @Test
  void thereAreAtMost64AndTheOldestGoes() {
    Connection oldest = waiting();
    Connection second = waiting();
    for (int i = 2; i < MAX; i++) {
      waiting();
    }
    assertThat(oldest.open).isTrue();
    waiting();
    assertThat(oldest.open).isFalse();
    assertThat(second.open).isTrue();
    assertThat(idle.size()).isEqualTo(MAX);
    // Its channel tells that it is closed; that says nothing about the backend's limit.
    oldest.lose();
    pass(99);
    assertThat(take(false)).isNotNull();
  }

  @Test
  void oneCanBeGivenUpForRoom() {
    Connection oldest = waiting();
    Connection newest = waiting();
    assertThat(idle.closeOne()).isTrue();
    assertThat(oldest.open).isFalse();
    assertThat(newest.open).isTrue();
    assertThat(idle.closeOne()).isTrue();
    assertThat(idle.closeOne()).isFalse();
  }

  @Test
  void nothingIsKeptForABackendThatHasLeft() {
    Connection connection = waiting();
    idle.retire();
    assertThat(connection.open).isFalse();
    assertThat(idle.put(new Connection(null))).isFalse();
  }

  @Test
  void aConnectionThatToldWhoseItIsServesThatClientOnly() {
    ProxiedClient one = new ProxiedClient(null, null);
    ProxiedClient other = new ProxiedClient(null, null);
    Connection anybodys = waiting();
    Connection ones = waiting(one);
    assertThat(take(other, true)).isNull();
    Connection others = waiting(other);
    assertThat(take(one, true)).isSameAs(ones);
    assertThat(take(one, true)).isNull();
    assertThat(take(null, true)).isSameAs(anybodys);
    assertThat(take(null, true)).isNull();
    pass(100);
    assertThat(take(other, false)).isNull();
    assertThat(take(other, true)).isSameAs(others);
  }

  @Test
  void aClientThatHasGoneLeavesNothingAndGetsNothingMore() {
    ProxiedClient client = new ProxiedClient(null, null);
    Connection connection = waiting(client);
    Connection anybodys = waiting();
    client.gone();
    assertThat(connection.open).isFalse();
    assertThat(anybodys.open).isTrue();
    assertThat(idle.size()).isEqualTo(1);
    assertThat(idle.put(new Connection(client))).isFalse();
  }

  @Test
  void aClientHasOneAtABackendAndTheNewOneStays() {
    ProxiedClient client = new ProxiedClient(null, null);
    Connection older = waiting(client);
    Connection newer = waiting(client);
    assertThat(older.open).isFalse();
    assertThat(take(client, true)).isSameAs(newer);
    assertThat(idle.size()).isZero();
  }

  @Test
  void aClientGetsNoConnectionOnWhichTheBackendHasSpoken() {
    ProxiedClient client = new ProxiedClient(null, null);
    Connection connection = waiting(client);
    connection.heard = true;
    pass(5);
    assertThat(take(client, true)).isNull();
    assertThat(connection.open).isFalse();
    assertThat(idle.size()).isZero();
  }

  @Test
  void thereAreAtMost1024OfClientsAndTheOldestGoes() {
    Connection oldest = waiting(new ProxiedClient(null, null));
    Connection second = waiting(new ProxiedClient(null, null));
    for (int i = 2; i < 16 * MAX; i++) {
      waiting(new ProxiedClient(null, null));
    }
    assertThat(oldest.open).isTrue();
    waiting(new ProxiedClient(null, null));
    assertThat(oldest.open).isFalse();
    assertThat(second.open).isTrue();
    assertThat(idle.size()).isEqualTo(1024);
    // Room can be made of them, and the backend may leave.
    assertThat(idle.closeOne()).isTrue();
    assertThat(second.open).isFalse();
    idle.retire();
    assertThat(idle.size()).isZero();
  }

  @Test
  void theBackendMayCloseWhatWaitsForAClient() {
    ProxiedClient client = new ProxiedClient(null, null);
    waiting(client).lose();
    assertThat(idle.size()).isZero();
    assertThat(take(client, true)).isNull();
    client.gone();
  }
}
