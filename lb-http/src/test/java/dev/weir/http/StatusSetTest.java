package dev.weir.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Sets of status codes, by code and by range. */
final class StatusSetTest {
  @Test
  void codesAndRangesAddUp() {
    StatusSet set = StatusSet.none().with("204").with(" 200-202 ").with("301 - 302");
    for (int status = 0; status < 1000; status++) {
      boolean in = java.util.Set.of(200, 201, 202, 204, 301, 302).contains(status);
      assertThat(set.contains(status)).as("%s", status).isEqualTo(in);
    }
  }

  @Test
  void addingLeavesTheOldSetAsItWas() {
    StatusSet none = StatusSet.none();
    StatusSet all = none.with("100-599");
    assertThat(none.contains(200)).isFalse();
    assertThat(all.contains(100) && all.contains(599)).isTrue();
    assertThat(all.contains(99) || all.contains(600)).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "99",
        "600",
        "20",
        "2000",
        "2xx",
        "200-",
        "-200",
        "200-300-400",
        "200-99",
        "+20",
        "0200",
        "300-200",
        "\u0662\u0660\u0660"
      })
  void anythingElseIsRefusedInWords(String text) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> StatusSet.none().with(text))
        .withMessageContaining("'" + text + "'");
  }
}
