package dev.weir.core.net;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.util.concurrent.FastThreadLocal;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SpareBuffersTest {
  private final ByteBufAllocator allocator = PooledByteBufAllocator.DEFAULT;
  private final SpareBuffers spare = SpareBuffers.get();

  @AfterEach
  void theThreadEnds() {
    FastThreadLocal.removeAll();
  }

  @ParameterizedTest
  @CsvSource({"0,2048", "2048,2048", "2049,8192", "8192,8192", "8193,32768", "32769,131072"})
  void hasRoomForWhatWasAskedFor(int bytes, int capacity) {
    ByteBuf buffer = spare.take(allocator, bytes);
    assertThat(buffer.capacity()).isEqualTo(capacity);
    spare.giveBack(buffer);
    assertThat(spare.take(allocator, bytes)).isSameAs(buffer);
    buffer.release();
  }

  @Test
  void aBufferThatIsFreeAgainIsEmptyAndUsedAgain() {
    ByteBuf first = spare.take(allocator, 100);
    first.writeLong(1).readInt();
    spare.giveBack(first);

    ByteBuf next = spare.take(allocator, 100);
    assertThat(next).isSameAs(first);
    assertThat(next.readerIndex()).isZero();
    assertThat(next.writerIndex()).isZero();
    spare.giveBack(next);
  }

  @Test
  void aBufferThatSomebodyHasKeptIsTheirs() {
    ByteBuf buffer = spare.take(allocator, 100);
    ByteBuf kept = buffer.writeLong(42).readRetainedSlice(8);
    spare.giveBack(buffer);

    ByteBuf other = spare.take(allocator, 100);
    assertThat(other).isNotSameAs(buffer);
    other.writeLong(43);
    assertThat(kept.readLong()).isEqualTo(42);
    kept.release();
    assertThat(buffer.refCnt()).isZero();
    spare.giveBack(other);
  }

  @Test
  void keepsTwoOfASizeAndNoneThatIsLarger() {
    ByteBuf[] taken = new ByteBuf[3];
    for (int i = 0; i < taken.length; i++) {
      taken[i] = spare.take(allocator, 100);
    }
    for (ByteBuf buffer : taken) {
      spare.giveBack(buffer);
    }
    assertThat(taken[2].refCnt()).isZero();
    assertThat(taken[1].refCnt()).isOne();
    assertThat(taken[0].refCnt()).isOne();

    ByteBuf large = spare.take(allocator, SpareBuffers.MAX + 1);
    spare.giveBack(large);
    assertThat(large.refCnt()).isZero();
  }

  @Test
  void aThreadThatEndsKeepsNothing() {
    ByteBuf buffer = spare.take(allocator, 100);
    spare.giveBack(buffer);
    assertThat(buffer.refCnt()).isOne();
    FastThreadLocal.removeAll();
    assertThat(buffer.refCnt()).isZero();
  }
}
