package dev.weir.admin.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.util.OptionalLong;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

class PreconditionsTest {
  @ParameterizedTest
  @NullSource
  @ValueSource(strings = {"*", " * "})
  void withoutAConditionWhateverRunsIsChanged(String header) {
    assertThat(Preconditions.expected(header, 7)).isEqualTo(OptionalLong.empty());
  }

  @ParameterizedTest
  @ValueSource(strings = {"\"7\"", " \"7\" ", "\"6\", \"7\"", "\"7\",\"x\"", "W/\"6\",\"7\""})
  void theRunningGenerationAmongTheTagsIsExpected(String header) {
    assertThat(Preconditions.expected(header, 7)).isEqualTo(OptionalLong.of(7));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "\"6\"|412",
        "W/\"7\"|412",
        "\"\"|412",
        "\"07\"|412",
        "7|400",
        "\"7|400",
        "\"7\",|400",
        ",\"7\"|400",
        "\"7\" \"8\"|400",
        "''|400"
      })
  void anythingElseIsRefused(String header, int status) {
    Reply reply = catchThrowableOfType(Reply.class, () -> Preconditions.expected(header, 7));
    assertThat(reply.status()).isEqualTo(status);
  }

  @ParameterizedTest
  @ValueSource(ints = {17, 1000})
  void aListWithoutEndIsRefused(int tags) {
    String header = "\"1\"" + ",\"1\"".repeat(tags);
    Reply reply = catchThrowableOfType(Reply.class, () -> Preconditions.expected(header, 7));
    assertThat(reply.status()).isEqualTo(400);
  }
}
