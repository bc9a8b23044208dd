package dev.weir.core.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class JsonReaderTest {
  private static List<String> read(String json) {
    return read(json.getBytes(StandardCharsets.UTF_8));
  }

  private static List<String> read(byte[] json) {
    try {
      JsonReader.value(json);
      return List.of();
    } catch (ConfigException e) {
      return e.problems().stream().map(Problem::toString).toList();
    }
  }

  @Test
  void aDocumentEqualsTheSameInYaml(@org.junit.jupiter.api.io.TempDir java.nio.file.Path folder)
      throws ConfigException {
    Document json =
        JsonReader.document(
            "{\"a\":[1,1.5,1e3,5000000000,true],\"b\":{\"c\":\"\u00e9\"}}"
                .getBytes(StandardCharsets.UTF_8));
    Document yaml =
        Configs.document(folder, "b: { c: \u00e9 }\na: [1, 1.5, 1e3, 5000000000, true]\n");
    assertThat(json).isEqualTo(yaml);
    assertThat(json.hash()).isEqualTo(yaml.hash());
  }

  @Test
  void whatCannotBeUsedIsToldAtOnce() {
    assertThat(
            read(
                "{\"a\":1,\"a\":2,\"b\":{\"c\":null},\"d\":[1e999999,123456789012345678901],"
                    + "\"e\":1}"))
        .containsExactly(
            "/a: the key 'a' is given twice",
            "/b/c: must not be null; leave the key out",
            "/d/0: the number '1e999999' is out of range",
            "/d/1: the number '123456789012345678901' is out of range");
  }

  @Test
  void aPatchMayHoldNulls() throws ConfigException {
    byte[] patch = "{\"a\":null}".getBytes(StandardCharsets.UTF_8);
    assertThat(JsonReader.patch(patch).get("a").isNull()).isTrue();
  }

  @Test
  void whatIsNotJsonIsToldWithItsPlace() {
    assertThat(read("")).containsExactly("the document is empty");
    assertThat(read("{\"a\":\n x}")).containsExactly("not valid JSON (line 2, column 2)");
    assertThat(read("{} {}").get(0)).startsWith("not valid JSON: something follows the document");
    assertThat(read("{\"a\":NaN}").get(0)).startsWith("not valid JSON");
    assertThat(read("{\"a\"").get(0)).startsWith("not valid JSON");
    assertThat(read(new byte[] {'"', (byte) 0xff, '"'}).get(0)).startsWith("not valid JSON");
  }

  @Test
  void boundsHold() {
    assertThat(read("[".repeat(100_000)))
        .hasSize(1)
        .first()
        .asString()
        .startsWith("more than 64 maps and lists inside one another");
    assertThat(read("{\"a\":" + "9".repeat(100_000) + "}"))
        .hasSize(1)
        .first()
        .asString()
        .startsWith("a number of more than 64 characters");
    assertThat(read(" ".repeat(Bounds.FILE_BYTES + 1)))
        .containsExactly("the document is larger than 4 MiB");
    assertThat(read("{\"" + "k".repeat(100_000) + "\":1}").get(0))
        .startsWith("a name or text is too long");
  }
}
