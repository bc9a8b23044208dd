package dev.weir.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.core.control.WallClock;
import dev.weir.core.net.Loops;
import dev.weir.core.net.Transport;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What is kept of a body for another attempt, and how much of it. */
final class ReplayTest {
  private static final int MAX = 64 * 1024;
  private static final int LOOP_MAX = 16 * 1024 * 1024;

  private final Loops loops = new Loops(Transport.NIO, 1, () -> 0, new SplittableRandom(1));
  private final HttpLoop loop = new HttpLoops(loops, WallClock.system()).of(loops.get(0));

  @AfterEach
  void close() {
    loops.close();
    assertThat(loop.replayBytes()).isZero();
  }

  /** Keeps so many bytes; whether the body is still complete. */
  private static boolean keep(Replay replay, int bytes) {
    ByteBuf data = Unpooled.buffer(bytes).writeZero(bytes);
    replay.keep(data);
    assertThat(data.readableBytes()).as("what is sent is not consumed").isEqualTo(bytes);
    data.release();
    return replay.complete();
  }

  @Test
  void aBodyIsKeptUpTo64KiBAndNotAByteMore() {
    Replay replay = new Replay(loop);
    assertThat(replay.complete()).isTrue();
    assertThat(keep(replay, 1)).isTrue();
    assertThat(keep(replay, MAX - 1)).isTrue();
    assertThat(loop.replayBytes()).isEqualTo(MAX);
    assertThat(keep(replay, 1)).isFalse();
    assertThat(loop.replayBytes()).as("what is of no use is let go").isZero();
    assertThat(keep(replay, 1)).as("once incomplete, always").isFalse();
    assertThat(loop.replayBytes()).isZero();
  }

  @Test
  void allBodiesOfALoopTogetherAreBounded() {
    Replay[] replays = new Replay[LOOP_MAX / MAX];
    for (int i = 0; i < replays.length; i++) {
      replays[i] = new Replay(loop);
      assertThat(keep(replays[i], MAX)).isTrue();
    }
    Replay late = new Replay(loop);
    assertThat(keep(late, 1)).isFalse();
    replays[0].release();
    Replay later = new Replay(loop);
    assertThat(keep(later, MAX)).isTrue();
    later.release();
    for (Replay replay : replays) {
      replay.release();
    }
  }

  @Test
  void aBodyThatComesByteByByteHoldsNoBufferForEachByte() {
    Replay replay = new Replay(loop);
    ByteBuf read = Unpooled.buffer(2048).writeZero(2048);
    for (int i = 0; i < 100; i++) {
      ByteBuf piece = read.readRetainedSlice(1);
      replay.keep(piece);
      piece.release();
    }
    assertThat(read.refCnt()).isEqualTo(1);
    assertThat(loop.replayBytes()).isEqualTo(100);
    read.release();
    replay.release();
  }

  @Test
  void releasingTwiceGivesBackOnce() {
    Replay replay = new Replay(loop);
    keep(replay, 100);
    replay.release();
    replay.release();
    assertThat(loop.replayBytes()).isZero();
  }

  @Test
  void whatIsSentUnkeptMakesItIncomplete() {
    Replay replay = new Replay(loop);
    keep(replay, 100);
    replay.sentUnkept();
    assertThat(replay.complete()).isFalse();
    assertThat(loop.replayBytes()).isZero();
  }
}
