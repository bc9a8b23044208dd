package dev.weir.admin.api;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JsonTest {
  @ParameterizedTest
  @ValueSource(strings = {"a\nb", "a\u001b[31m", "a\u202eb", "a\u2028b", "\ud800"})
  void textFromOutsideIsMadePrintable(String text) {
    assertThat(Json.printable(text).codePoints()).allMatch(c -> c >= 32 && c < 127);
  }

  @Test
  void foldersOfFilesAreNotTold() {
    assertThat(Json.withoutPaths("/var/lib/weir/state/changes.log: No space left on device"))
        .isEqualTo("changes.log: No space left on device");
    assertThat(Json.withoutPaths("listener web: cannot listen on 0.0.0.0:80: Permission denied"))
        .isEqualTo("listener web: cannot listen on 0.0.0.0:80: Permission denied");
    assertThat(Json.withoutPaths("pools/web/backends/web-1")).isEqualTo("pools/web/backends/web-1");
  }
}
