package dev.weir.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.core.backend.Backend;
import dev.weir.core.control.WallClock;
import dev.weir.core.net.Loops;
import dev.weir.core.net.Transport;
import dev.weir.core.testing.TestBackends;
import io.netty.channel.embedded.EmbeddedChannel;
import java.util.IdentityHashMap;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Which waiting connection serves which request, and which is closed. */
final class IdleConnectionsTest {
  private static final long MILLI = 1_000_000L;

  private final AtomicLong now = new AtomicLong(1_000 * MILLI);
  private final Loops loops = new Loops(Transport.NIO, 1, now::get, new SplittableRandom(1));
  private final HttpLoop loop = new HttpLoops(loops, WallClock.system()).of(loops.get(0));
  private final Backend backend = TestBackends.eligible("b0");
  private final IdleConnections idle = loop.of(backend).idle();
  private final IdentityHashMap<Upstream, EmbeddedChannel> channels = new IdentityHashMap<>();

  @AfterEach
  void close() {
    idle.retire();
    loops.close();
    assertThat(backend.connections()).isZero();
  }

  private EmbeddedChannel waiting() {
    EmbeddedChannel channel = new EmbeddedChannel();
    backend.tryConnect();
    Upstream upstream = Upstream.standing(loop, backend, channel);
    channel.pipeline().addLast(upstream);
    channels.put(upstream, channel);
    assertThat(idle.put(upstream)).isTrue();
    return channel;
  }

  private EmbeddedChannel take(boolean repeatable) {
    Upstream taken = idle.take(repeatable, now.get());
    if (taken == null) {
      return null;
    }
    EmbeddedChannel channel = channels.get(taken);
    channel.close();
    return channel;
  }

  private void pass(long millis) {
    now.addAndGet(millis * MILLI);
  }

  @Test
  void theOneUsedLastIsUsedFirst() {
    EmbeddedChannel first = waiting();
    EmbeddedChannel second = waiting();
    assertThat(take(true)).isSameAs(second);
    assertThat(take(true)).isSameAs(first);
    assertThat(take(true)).isNull();
  }

  @Test
  void whatMayNotBeSentTwiceTakesOnlyAConnectionOfAMomentAgo() {
    EmbeddedChannel channel = waiting();
    pass(99);
    assertThat(take(false)).isSameAs(channel);
    waiting();
    pass(100);
    assertThat(take(false)).isNull();
    assertThat(idle.size()).isEqualTo(1);
    assertThat(take(true)).isNotNull();
  }

  @Test
  void halfOfTheBackendsOwnLimitIsLearned() {
    EmbeddedChannel lost = waiting();
    pass(80);
    lost.close();
    assertThat(idle.size()).isZero();
    EmbeddedChannel channel = waiting();
    pass(39);
    assertThat(take(false)).isSameAs(channel);
    waiting();
    pass(40);
    assertThat(take(false)).isNull();
  }

  @Test
  void aLongerLifeDoesNotRaiseTheLimitAgain() {
    EmbeddedChannel shortLived = waiting();
    pass(20);
    shortLived.close();
    EmbeddedChannel longLived = waiting();
    pass(5_000);
    longLived.close();
    waiting();
    pass(10);
    assertThat(take(false)).isNull();
  }

  @Test
  void thereAreAtMost64AndTheOldestGoes() {
    EmbeddedChannel oldest = waiting();
    EmbeddedChannel second = waiting();
    for (int i = 2; i < 64; i++) {
      waiting();
    }
    assertThat(oldest.isOpen()).isTrue();
    waiting();
    assertThat(oldest.isOpen()).isFalse();
    assertThat(second.isOpen()).isTrue();
    assertThat(idle.size()).isEqualTo(64);
    // Closing it ourselves says nothing about the backend's limit.
    pass(99);
    assertThat(take(false)).isNotNull();
  }

  @Test
  void bytesThatNobodyAskedForEndAConnection() {
    EmbeddedChannel channel = waiting();
    channel.writeInbound(io.netty.buffer.Unpooled.copiedBuffer(new byte[] {'H'}));
    assertThat(channel.isOpen()).isFalse();
    assertThat(idle.size()).isZero();
  }

  @Test
  void oneCanBeGivenUpForRoom() {
    EmbeddedChannel oldest = waiting();
    EmbeddedChannel newest = waiting();
    assertThat(idle.closeOne()).isTrue();
    assertThat(oldest.isOpen()).isFalse();
    assertThat(newest.isOpen()).isTrue();
    assertThat(idle.closeOne()).isTrue();
    assertThat(idle.closeOne()).isFalse();
  }

  @Test
  void nothingIsKeptForABackendThatHasLeft() {
    EmbeddedChannel channel = waiting();
    idle.retire();
    assertThat(channel.isOpen()).isFalse();
    EmbeddedChannel late = new EmbeddedChannel();
    assertThat(idle.put(Upstream.standing(loop, backend, late))).isFalse();
    late.close();
  }
}
