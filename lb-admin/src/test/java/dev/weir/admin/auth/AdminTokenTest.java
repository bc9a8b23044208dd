package dev.weir.admin.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AdminTokenTest {
  private static final String TOKEN = "lbk_0123abcd_" + "5e".repeat(32);

  @TempDir Path folder;

  @Test
  void theFirstStartMakesATokenForItsOwnerOnly() throws Exception {
    Path state = folder.resolve("a/state");
    AdminToken made = AdminToken.loadOrCreate(state, new SecureRandom());
    Path file = state.resolve("admin.token");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(state)))
        .isEqualTo("rwx------");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");
    String text = Files.readString(file).strip();
    assertThat(text).matches("lbk_[0-9a-f]{8}_[0-9a-f]{64}").startsWith("lbk_" + made.id() + "_");
    assertThat(made.matches(text)).isTrue();
    assertThat(made.toString()).doesNotContain(text.substring(13));
  }

  @Test
  void laterStartsKeepTheToken() throws Exception {
    AdminToken.loadOrCreate(folder, new SecureRandom());
    String text = Files.readString(folder.resolve("admin.token")).strip();
    assertThat(AdminToken.loadOrCreate(folder, new SecureRandom()).matches(text)).isTrue();
    try (Stream<Path> files = Files.list(folder)) {
      assertThat(files.toList()).isEqualTo(List.of(folder.resolve("admin.token")));
    }
  }

  @Test
  void twoStatesHaveDifferentTokens() throws Exception {
    AdminToken one = AdminToken.loadOrCreate(folder.resolve("one"), new SecureRandom());
    AdminToken.loadOrCreate(folder.resolve("two"), new SecureRandom());
    assertThat(one.matches(Files.readString(folder.resolve("two/admin.token")).strip())).isFalse();
  }

  @Test
  void aTokenThatOthersCanReadIsRefused() throws Exception {
    AdminToken.loadOrCreate(folder, new SecureRandom());
    Path file = folder.resolve("admin.token");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r-----"));
    assertThatThrownBy(() -> AdminToken.loadOrCreate(folder, new SecureRandom()))
        .isInstanceOf(IOException.class)
        .hasMessageContaining(file + " can be read by others");
  }

  @Test
  void aFileThatIsNoTokenIsRefusedWithoutShowingIt() throws Exception {
    Path file = folder.resolve("admin.token");
    Files.writeString(file, "hunter2");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
    assertThatThrownBy(() -> AdminToken.loadOrCreate(folder, new SecureRandom()))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("admin.token is not a token")
        .hasMessageNotContaining("hunter2");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "lbk_0123abcd_", "Lbk_0123abcd_5e", "lbk_0123abcd_5e ", "\0", "lbk_", "ü"})
  void whatIsNotTheTokenDoesNotMatch(String presented) {
    AdminToken token = AdminToken.of(TOKEN);
    assertThat(token.matches(presented)).isFalse();
    assertThat(token.matches(TOKEN + presented)).isEqualTo(presented.isEmpty());
    assertThat(token.matches(TOKEN)).isTrue();
  }
}
