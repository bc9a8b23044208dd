package dev.weir.core.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class ReferencesTest {
  private static List<String> introduced(String before, String after) {
    return References.introduced(Document.of(Trees.tree(before)), Document.of(Trees.tree(after)))
        .stream()
        .map(Problem::path)
        .toList();
  }

  @Test
  void aReferenceMayStayWhereItIs() {
    assertThat(
            introduced(
                "{'a':{'b':'${X}','c':'file:/x'}}", "{'a':{'b':'${X}','c':'file:/x','d':1}}"))
        .isEmpty();
    assertThat(introduced("{'a':'${X}'}", "{'a':'plain'}")).isEmpty();
    assertThat(introduced("{}", "{'a':'$${X}', 'b':'a file:x', 'c':'$X', 'd':'50$'}")).isEmpty();
  }

  @Test
  void aReferenceMayNotBeBroughtInMovedOrChanged() {
    assertThat(introduced("{}", "{'a':'${X}','b':[{'c':'x${Y:-1}y'}],'d':'file:/etc/passwd'}"))
        .containsExactly("/a", "/b/0/c", "/d");
    assertThat(introduced("{'a':'${X}'}", "{'b':'${X}'}")).containsExactly("/b");
    assertThat(introduced("{'a':'${X}'}", "{'a':'${Y}'}")).containsExactly("/a");
    assertThat(introduced("{'a':['${X}']}", "{'a':{'0':'${X}'}}")).containsExactly("/a/0");
    assertThat(introduced("{}", "{'a':'${'}")).containsExactly("/a");
  }

  @Test
  void whatIsTakenForPlainTextIsNeverResolved() {
    SplittableRandom random = new SplittableRandom(5);
    for (int i = 0; i < 200_000; i++) {
      StringBuilder text = new StringBuilder();
      for (int j = random.nextInt(12); j >= 0; j--) {
        text.append("$${{}AA:-".charAt(random.nextInt(9)));
      }
      if (!EnvText.refers(text.toString())) {
        EnvText.resolve(
            text.toString(),
            name -> {
              throw new AssertionError("resolved in " + text);
            },
            wrong -> {
              throw new AssertionError(wrong);
            });
      }
    }
  }
}
