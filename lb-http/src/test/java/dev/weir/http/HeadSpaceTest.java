package dev.weir.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HeadSpaceTest {
  private final HeadSpace space = new HeadSpace();

  @Test
  void anArrayThatWasGivenBackIsUsedAgain() {
    byte[] first = space.take(3000);
    assertThat(first).hasSize(HeadSpace.LARGE);
    space.giveBack(first);
    assertThat(space.take(5000)).isSameAs(first);
    assertThat(space.take(5000)).isNotSameAs(first);
  }

  @Test
  void whatIsLargerIsNotKept() {
    byte[] huge = space.take(HeadSpace.LARGE + 1);
    assertThat(huge).hasSize(HeadSpace.LARGE + 1);
    space.giveBack(huge);
    assertThat(space.take(1)).isNotSameAs(huge).hasSize(HeadSpace.LARGE);
  }

  @Test
  void keepsOnlySoMany() {
    byte[][] taken = new byte[HeadSpace.SPARE + 1][];
    for (int i = 0; i < taken.length; i++) {
      taken[i] = space.take(1);
    }
    for (byte[] array : taken) {
      space.giveBack(array);
    }
    for (int i = HeadSpace.SPARE - 1; i >= 0; i--) {
      assertThat(space.take(1)).isSameAs(taken[i]);
    }
    byte[] fresh = space.take(1);
    assertThat(Arrays.stream(taken).noneMatch(array -> array == fresh)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(ints = {10, 3_000, 7_000, 30_000})
  void aHeadGrowsAsItMustAndShrinksAgain(int length) {
    Head head = new Head(space);
    head.clear();
    byte[] own = head.bytes;
    for (int i = 0; i < length; i++) {
      head.ensure(1);
      head.bytes[head.length++] = (byte) (i % 251);
    }
    for (int i = 0; i < length; i++) {
      assertThat(head.bytes[i]).isEqualTo((byte) (i % 251));
    }
    for (int i = 0; i < 500; i++) {
      head.add(0, i, 0, 0, 0);
    }
    assertThat(head.nameEnd(499)).isEqualTo(499);
    head.shrink();
    assertThat(head.bytes).isSameAs(own);
  }
}
