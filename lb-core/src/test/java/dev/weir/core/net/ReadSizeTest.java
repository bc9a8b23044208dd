package dev.weir.core.net;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.UnpooledByteBufAllocator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How much a read asks for, and how much memory stays behind what it got. */
final class ReadSizeTest {
  private final ReadSize size = new ReadSize();

  @Test
  void fullReadsGrowAndLittleOnesShrink() {
    for (int asked : new int[] {2048, 8192, 32_768, 131_072, 131_072}) {
      assertThat(size.next()).isEqualTo(asked);
      size.took(asked, asked);
    }
    size.took(1, 131_072);
    assertThat(size.next()).isEqualTo(131_072);
    size.took(1, 131_072);
    assertThat(size.next()).isEqualTo(32_768);
  }

  @ParameterizedTest
  @CsvSource({"2048, 1, 2048", "131072, 32768, 131072", "131072, 32767, 32767", "8192, 1, 1"})
  void whatWasReadIsInABufferThatFits(int asked, int got, int held) {
    ByteBuf read = UnpooledByteBufAllocator.DEFAULT.directBuffer(asked, asked).writeZero(got);
    ByteBuf fitting = ReadSize.fitting(read);
    assertThat(fitting.readableBytes()).isEqualTo(got);
    assertThat(fitting.capacity()).isEqualTo(held);
    read.release();
    assertThat(fitting.refCnt()).isEqualTo(1);
    fitting.release();
    assertThat(read.refCnt()).isZero();
  }
}
