package dev.weir.admin.api;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class JsonTest {
  static String[] malformed() {
    return new String[] {
      "",
      " ",
      "{",
      "{\"a\":1,}",
      "{'a':1}",
      "{\"a\":1}{}",
      "{\"a\":1} x",
      "{\"a\":1,\"a\":2}",
      "{\"a\":1e999999}",
      "{\"a\":" + "9".repeat(100) + "}",
      "{\"a\":NaN}",
      "{\"" + "k".repeat(2000) + "\":1}",
      "[".repeat(100_000),
      "{\"a\":".repeat(100_000),
      "[".repeat(65) + "]".repeat(65),
      "// comment\n{}",
    };
  }

  @ParameterizedTest
  @MethodSource("malformed")
  void malformedTextIsRefusedWithAShortReason(String text) {
    Reply reply = catchThrowableOfType(Reply.class, () -> Json.read(text.getBytes(UTF_8)));
    assertThat(reply.status()).isEqualTo(400);
    assertThat(reply.getMessage()).hasSizeLessThan(320).isNotBlank();
  }

  @Test
  void bytesThatAreNotUtf8AreRefused() {
    byte[] bytes = {'"', (byte) 0xC0, (byte) 0x80, '"'};
    Reply reply = catchThrowableOfType(Reply.class, () -> Json.read(bytes));
    assertThat(reply.status()).isEqualTo(400);
  }

  @Test
  void theReasonSaysWhere() {
    byte[] text = "{\n  \"a\": tru\n}".getBytes(UTF_8);
    Reply reply = catchThrowableOfType(Reply.class, () -> Json.read(text));
    assertThat(reply.getMessage()).startsWith("line 2, column");
  }

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
