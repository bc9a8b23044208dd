package dev.weir.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class OptionsTest {
  private static Options of(String... arguments) {
    return Options.parse(List.of(arguments));
  }

  @Test
  void numbersFlagsAndListsAreRead() {
    Options options = of("--rounds", "9", "--allow-busy", "--without", "weir,nginx");

    assertThat(options.number("rounds", 1, 1, 99)).isEqualTo(9);
    assertThat(options.flag("allow-busy")).isTrue();
    assertThat(options.list("without", "")).containsExactly("weir", "nginx");
    options.done();
  }

  @Test
  void anUnknownOptionIsRefusedWithTheKnownOnes() {
    Options options = of("--round", "9");
    options.number("rounds", 1, 1, 99);

    assertThatThrownBy(options::done)
        .isInstanceOf(UsageException.class)
        .hasMessageContaining("--round;")
        .hasMessageContaining("--rounds");
  }

  @Test
  void aNumberOutOfRangeOrNoNumberIsRefusedWithTheRange() {
    assertThatThrownBy(() -> of("--rounds", "0").number("rounds", 1, 1, 99))
        .hasMessageContaining("1..99")
        .hasMessageContaining("'0'");
    assertThatThrownBy(() -> of("--rounds", "many").number("rounds", 1, 1, 99))
        .hasMessageContaining("'many'");
  }

  @Test
  void anOptionGivenTwiceOrWithoutItsValueIsRefused() {
    assertThatThrownBy(() -> of("--out", "a", "--out", "b")).hasMessageContaining("twice");
    assertThatThrownBy(() -> of("--out").text("out", "")).hasMessageContaining("needs a value");
  }
}
