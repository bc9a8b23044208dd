package dev.weir.core.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;

@Timeout(30)
class ConfigReaderTest {
  @TempDir Path folder;

  private List<String> read(String yaml) {
    return readFile(Configs.write(folder, "lb.yaml", yaml));
  }

  private List<String> readFile(Path file) {
    try {
      ConfigReader.read(file);
      return List.of();
    } catch (ConfigException e) {
      return Configs.texts(folder, e);
    }
  }

  private String only(String yaml) {
    List<String> problems = read(yaml);
    assertThat(problems).hasSize(1);
    return problems.get(0);
  }

  @Test
  void scalarsAreWhatTheyLookLikeAndNothingElse() throws ConfigException {
    Document document =
        Configs.document(
            folder,
            """
            a: [1, -7, 0, 010, 0x1F, 1_000, 12:30, 1.5, 1e3, .5, 5000000000]
            b: [true, False, yes, off, "true", 'null', NaN, Infinity]
            c: |
              two
              lines
            d: { k: "", l: text with spaces }
            """);
    assertThat(document.tree())
        .isEqualTo(
            JsonMapper.builder()
                .build()
                .readTree(
                    """
                    {"a":[1,-7,0,"010","0x1F","1_000","12:30",1.5,1000.0,".5",5000000000],
                     "b":[true,false,"yes","off","true","null","NaN","Infinity"],
                     "c":"two\\nlines\\n","d":{"k":"","l":"text with spaces"}}
                    """));
  }

  @Test
  void everyValueKnowsItsLine() throws ConfigException {
    Document document =
        Configs.document(
            folder,
            """
            # a comment

            pools:
              web:
                backends: { a: { weight: 1 }, b: {} }
                health:
                  interval:
                    1s
              "a/b~c": {}
            list:
              - 1
              - x: 2
                y: 3
            """);
    assertThat(document.origin("/pools").line()).isEqualTo(3);
    assertThat(document.origin("/pools/web/backends/a/weight").line()).isEqualTo(5);
    assertThat(document.origin("/pools/web/health/interval").line()).isEqualTo(7);
    assertThat(document.origin("/pools/a~1b~0c").line()).isEqualTo(9);
    assertThat(document.origin("/list/0").line()).isEqualTo(11);
    assertThat(document.origin("/list/1/y").line()).isEqualTo(13);
  }

  @Test
  void anchorsAndAliasesWork() throws ConfigException {
    Document document = Configs.document(folder, "a: &x { k: [1, 2] }\nb: *x\nc: [*x, *x]\n");
    assertThat(document.tree().at("/c/1/k/1").intValue()).isEqualTo(2);
    assertThat(document.origin("/b/k").line()).isEqualTo(2);
  }

  @Test
  void aFileWithNothingInItIsAProblem() {
    assertThat(only("")).isEqualTo("lb.yaml:1: the file is empty");
    assertThat(only("# only a comment\n")).isEqualTo("lb.yaml:1: the file is empty");
    assertThat(only("---\n")).contains("the file is empty");
    assertThat(only("[]")).contains("the top level must be a map");
    assertThat(only("text")).contains("the top level must be a map");
  }

  @Test
  void whatIsNotYamlIsToldWithItsLine() {
    assertThat(only("a: 1\nb: [1, 2\nc: 3\n")).startsWith("lb.yaml:3: not valid YAML: ");
    assertThat(only("a: 1\n\tb: 2\n"))
        .isEqualTo("lb.yaml:2: not valid YAML: indent with spaces, not with tabs");
    assertThat(only("a: b: c\n")).startsWith("lb.yaml:1: not valid YAML: a ': ' where no key");
    assertThat(only("a:\n  b: 1\n c: 2\n")).startsWith("lb.yaml:3: not valid YAML: ");
    assertThat(only("a: 'open\nb: 2\n")).startsWith("lb.yaml:").contains("not valid YAML");
    assertThat(only("a: 1\nb: \u0007\n"))
        .isEqualTo("lb.yaml:2: not valid YAML: the character U+0007 is not allowed");
    assertThat(only("a: *nowhere\n"))
        .isEqualTo("lb.yaml:1: /a: *nowhere refers to an anchor that is not above it");
  }

  @Test
  void whatIsNotUtf8IsToldWithItsLine() throws IOException {
    Path file = folder.resolve("lb.yaml");
    Files.write(file, "a: 1\nb: \u00e9\n".getBytes(StandardCharsets.ISO_8859_1));
    assertThat(readFile(file)).containsExactly("lb.yaml:2: the file is not UTF-8 text");
    Files.write(file, "\uFEFFa: \u00e9\n".getBytes(StandardCharsets.UTF_8));
    assertThat(readFile(file)).isEmpty();
  }

  @Test
  void whatYamlAllowsAndWeDoNotIsToldAllAtOnce() {
    assertThat(
            read(
                """
                a: 1
                b:
                c: !!str 5
                d: .inf
                1: x
                ? [k]
                : y
                a: 2
                e: 123456789012345678901234567890
                f: 1e999
                <<: { g: 1 }
                h: ~
                """))
        .containsExactly(
            "lb.yaml:2: /b: has no value; give one, {} for an empty map, or remove the key",
            "lb.yaml:3: /c: tags are not supported: 'tag:yaml.org,2002:str'",
            "lb.yaml:4: /d: must be a finite number, is '.inf'",
            "lb.yaml:5: a key must be text; write it in quotes: \"1\"",
            "lb.yaml:6: a key must be text, not a map, a list or an alias",
            "lb.yaml:8: /a: the key 'a' is given twice; first in line 1",
            "lb.yaml:9: /e: the number '123456789012345678901234567890' is out of range",
            "lb.yaml:10: /f: the number '1e999' is out of range",
            "lb.yaml:11: merge keys ('<<') are not supported; use an alias for the whole value",
            "lb.yaml:12: /h: has no value; give one, {} for an empty map, or remove the key");
  }

  @Test
  void aSecondDocumentIsRefused() {
    assertThat(only("a: 1\n---\nb: 2\n"))
        .isEqualTo("lb.yaml:2: a second document begins here; a file must hold one only");
  }

  @Test
  void tenMegabytesAreRefused() {
    String yaml = "pools:\n" + "  # filling the file with comments\n".repeat(300_000);
    assertThat(only(yaml)).isEqualTo("lb.yaml:1: the file is larger than 4 MiB");
  }

  @Test
  void deepNestingIsRefused() {
    assertThat(only("a: " + "[".repeat(100_000)))
        .startsWith("lb.yaml:1: /a/0/0")
        .endsWith("more than 64 maps and lists inside one another");
    StringBuilder block = new StringBuilder();
    for (int i = 0; i < 1_000; i++) {
      block.append(" ".repeat(i)).append("k:\n");
    }
    assertThat(only(block.toString()))
        .startsWith("lb.yaml:64: /k/k")
        .endsWith("more than 64 maps and lists inside one another");
    assertThat(only("a: " + "{a: ".repeat(100_000))).contains("inside one another");
  }

  @Test
  void sixtyFourLevelsAreAllowed() {
    assertThat(read("a: " + "[".repeat(63) + "1" + "]".repeat(63))).isEmpty();
    assertThat(read("a: " + "[".repeat(64) + "1" + "]".repeat(64))).hasSize(1);
  }

  @Test
  void anAnchorBombIsRefused() {
    StringBuilder bomb = new StringBuilder("a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n");
    for (int i = 1; i < 30; i++) {
      String one = "*a" + (i - 1);
      bomb.append("a").append(i).append(": &a").append(i).append(" [").append(one);
      bomb.append((", " + one).repeat(9)).append("]\n");
    }
    assertThat(only(bomb.toString()))
        .matches("lb.yaml:[56]: /a[45]/\\d: aliases stand for more than 100000 values");
  }

  @Test
  void aliasesCannotNestBeyondTheLimitOrIntoThemselves() {
    StringBuilder deep = new StringBuilder("a0: &a0 " + "[".repeat(30) + "]".repeat(30) + "\n");
    for (int i = 1; i < 5; i++) {
      deep.append("a" + i + ": &a" + i + " " + "[".repeat(20) + "*a" + (i - 1) + "]".repeat(20));
      deep.append('\n');
    }
    assertThat(only(deep.toString())).contains("inside one another");
    assertThat(only("a: &a [*a]\n"))
        .isEqualTo("lb.yaml:1: /a/0: *a refers to what it is a part of");
  }

  @Test
  void foreignTextInAMessageIsShortAndHarmless() {
    assertThat(
            only(
                "\"a\\e[31m\\n"
                    + "x".repeat(500)
                    + "\": 1\n\"a\\e[31m\\n"
                    + "x".repeat(500)
                    + "\": 1\n"))
        .contains("the key 'a\\u{1b}[31m\\nxxx")
        .contains("xxx...' is given twice")
        .doesNotContain("\u001b", "\n");
  }

  @Test
  void aFileThatCannotBeReadIsToldWhy() throws IOException {
    assertThat(readFile(folder.resolve("none.yaml")))
        .containsExactly("none.yaml: cannot read 'none.yaml': there is no such file");
    assertThat(readFile(folder)).hasSize(1).first().asString().endsWith("it is a folder");
    assertThatThrownBy(() -> ConfigReader.read(Path.of("/dev/null/x")))
        .hasMessageContaining("cannot read '/dev/null/x'");
  }

  @Test
  void includedFilesAddListenersAndPools() throws ConfigException {
    Configs.write(folder, "conf.d/b.yaml", "pools: { b: {} }\nlisteners: {}\n");
    Configs.write(folder, "conf.d/a.yaml", "pools:\n  a: {}\n");
    Configs.write(folder, "conf.d/.hidden.yaml", "nonsense: [");
    Configs.write(folder, "one.yaml", "include: two.yaml\nadmin: { state: s }\n");
    Configs.write(folder, "two.yaml", "pools: { two: {} }\n");
    Document document =
        Configs.document(
            folder, "include: [conf.d/*.yaml, one.yaml, none/*.yaml]\npools: { z: {} }\n");
    assertThat(document.tree())
        .hasToString(
            "{\"pools\":{\"z\":{},\"a\":{},\"b\":{},\"two\":{}},\"listeners\":{},"
                + "\"admin\":{\"state\":\"s\"}}");
    assertThat(document.origin("/pools/b").file()).endsWith("conf.d/b.yaml");
    assertThat(document.origin("/pools/b").line()).isEqualTo(1);
    assertThat(document.origin("/pools/z").file()).endsWith("lb.yaml");
    assertThat(document.origin("/pools/a").line()).isEqualTo(2);
  }

  @Test
  void namesGivenTwiceOverFilesAreToldWithBothPlaces() {
    Configs.write(folder, "a.yaml", "\npools: { web: {} }\nadmin: {}\n");
    assertThat(read("include: a.yaml\npools:\n  web: {}\nadmin: {}\n").toString())
        .isEqualTo(
            "[a.yaml:2: /pools/web: is given twice; first in FOLDER/lb.yaml:3,"
                    .replace("FOLDER/", "")
                + " a.yaml:3: /admin: is given twice; first in lb.yaml:4]");
  }

  @Test
  void includesThatCannotBeFollowedAreProblems() throws IOException {
    Configs.write(folder, "self.yaml", "include: [self.yaml]\n");
    assertThat(readFile(folder.resolve("self.yaml")))
        .containsExactly("self.yaml:1: /include/0: 'self.yaml' includes itself");
    Configs.write(folder, "a.yaml", "pools: {}\n");
    Files.createSymbolicLink(folder.resolve("link.yaml"), folder.resolve("a.yaml"));
    assertThat(read("include: [a.yaml, link.yaml]\n"))
        .containsExactly("lb.yaml:1: /include/1: 'link.yaml' is included twice");
    assertThat(read("include: link.yaml\n")).isEmpty();
    assertThat(read("include: [5, '**/x', gone.yaml, '[']\n"))
        .hasSize(4)
        .anyMatch(p -> p.contains("/include/0: must be a file name or a glob"))
        .anyMatch(p -> p.contains("/include/1: '**/x' is not a file name or a glob"))
        .anyMatch(p -> p.contains("/include/2: cannot read 'gone.yaml': there is no such file"))
        .anyMatch(p -> p.contains("/include/3: '[' is not a glob"));
    for (int i = 0; i < 12; i++) {
      Configs.write(folder, "deep" + i + ".yaml", "include: deep" + (i + 1) + ".yaml\n");
    }
    assertThat(readFile(folder.resolve("deep0.yaml")))
        .containsExactly("deep8.yaml:1: /include: more than 8 includes inside one another");
  }

  @Test
  void mistakesOfAllFilesAreToldAtOnce() {
    Configs.write(folder, "a.yaml", "x: [\n");
    Configs.write(folder, "b.yaml", "y:\n");
    assertThat(read("include: [a.yaml, b.yaml]\nz:\n"))
        .hasSize(3)
        .anyMatch(p -> p.startsWith("a.yaml:"))
        .anyMatch(p -> p.startsWith("b.yaml:1: /y"))
        .anyMatch(p -> p.startsWith("lb.yaml:2: /z"));
  }
}
