package dev.weir.server.ctl;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.server.cli.LbCommand;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CtlArgumentsTest {
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @TempDir Path folder;

  private int run(String... arguments) {
    return LbCommand.run(arguments, new PrintWriter(out, true), new PrintWriter(err, true));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "ctl",
        "ctl nonsense",
        "ctl drain",
        "ctl drain web",
        "ctl drain /web-1",
        "ctl drain web/",
        "ctl drain web/a/b",
        "ctl weight web/web-1",
        "ctl weight web/web-1 many",
        "ctl add web/web-1",
        "ctl add web/web-1 127.0.0.1:80 --weight",
        "ctl pool",
        "ctl apply",
        "ctl pools --admin not-a-url --token-file x",
        "ctl pools --admin ftp://localhost --token-file x",
        "ctl pools --admin http://192.0.2.1:9900 --token-file x",
      })
  void wrongArgumentsExitWith64(String line) {
    assertThat(run(line.split(" "))).isEqualTo(64);
    assertThat(err.toString()).containsIgnoringCase("usage: lb ctl");
    assertThat(out.toString()).isEmpty();
  }

  @Test
  void aMissingTokenIsNamed() {
    Path token = folder.resolve("admin.token");
    int code =
        run("ctl", "pools", "--admin", "http://127.0.0.1:1", "--token-file", token.toString());
    assertThat(code).isEqualTo(1);
    assertThat(err.toString()).contains("cannot read the token in " + token);
  }

  @Test
  void aFileThatIsNoTokenIsNotSentAnywhere() throws Exception {
    Path token = Files.writeString(folder.resolve("admin.token"), "root:x:0:0");
    int code =
        run("ctl", "pools", "--admin", "http://127.0.0.1:1", "--token-file", token.toString());
    assertThat(code).isEqualTo(1);
    assertThat(err.toString()).contains("is not an admin token").doesNotContain("root");
  }

  @Test
  void nobodyListeningIsSaidSo() throws Exception {
    Path token = Files.writeString(folder.resolve("t"), "lbk_01234567_" + "ab".repeat(32) + "\n");
    int code =
        run("ctl", "pools", "--admin", "http://127.0.0.1:1", "--token-file", token.toString());
    assertThat(code).isEqualTo(1);
    assertThat(err.toString()).contains("nothing listens at http://127.0.0.1:1");
  }

  @Test
  void aConfigurationThatCannotBeReadIsNamed() throws Exception {
    Path file = Files.writeString(folder.resolve("lb.yaml"), "admin: {bind: nonsense}\n");
    assertThat(run("ctl", "pools", "-c", file.toString())).isEqualTo(1);
    assertThat(err.toString()).contains(file + ":1", "/admin/bind");
    assertThat(run("ctl", "pools", "-c", folder.resolve("no.yaml").toString())).isEqualTo(1);
    assertThat(err.toString()).contains("cannot read " + folder.resolve("no.yaml"));
  }

  @Test
  void tablesAreAligned() {
    assertThat(new Table("A", "LONG").row("ü1", "").row("a", null).row("123", "x").toString())
        .isEqualTo("A    LONG\nü1   -\na    -\n123  x\n");
  }
}
