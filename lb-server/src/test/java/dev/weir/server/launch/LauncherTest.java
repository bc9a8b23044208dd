package dev.weir.server.launch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The script {@code lb} as bin/lb of a distribution, with Javas that print their arguments. */
class LauncherTest {
  @TempDir private Path folder;
  private Path distribution;
  private Path elsewhere;

  @BeforeEach
  void install() throws IOException {
    distribution = Files.createDirectories(folder.resolve("a distribution"));
    Files.createDirectories(distribution.resolve("bin"));
    Files.createDirectories(distribution.resolve("lib"));
    Files.writeString(distribution.resolve("lib/lb-server.jar"), "");
    executable(distribution.resolve("bin/lb"), Files.readString(Path.of("..", "lb")));
    elsewhere = Files.createDirectories(folder.resolve("else where"));
  }

  @Test
  void argumentsWithSpacesArriveAsTheyAre() throws Exception {
    assertThat(lb(java(17), Map.of(), "run", "-c", "my file.yaml"))
        .containsSubsequence(
            "-Dweir.home=" + distribution,
            "-jar",
            distribution.resolve("lib/lb-server.jar").toString(),
            "run",
            "-c",
            "my file.yaml");
  }

  @Test
  void flagsFollowTheVersionOfJava() throws Exception {
    String unsafe = "--sun-misc-unsafe-memory-access=allow";
    assertThat(lb(java(17), Map.of(), "run"))
        .doesNotContain(unsafe, "-XX:+UseCompactObjectHeaders");
    assertThat(lb(java(24), Map.of(), "run"))
        .contains(unsafe)
        .doesNotContain("-XX:+UseCompactObjectHeaders");
    assertThat(lb(java(25), Map.of(), "run"))
        .contains(unsafe, "-XX:+UseCompactObjectHeaders", "-XX:+ExitOnOutOfMemoryError");
  }

  @Test
  void flagsOfTheOperatorComeAfterOurs() throws Exception {
    List<String> arguments = lb(java(25), Map.of("LB_OPTS", "-Xmx1g -Dx=y"), "version");
    assertThat(arguments).containsSubsequence("-XX:+ExitOnOutOfMemoryError", "-Xmx1g", "-Dx=y");
    assertThat(arguments.indexOf("-Dx=y")).isLessThan(arguments.indexOf("-jar"));
  }

  @Test
  void itWorksThroughALink() throws Exception {
    Path link = Files.createSymbolicLink(folder.resolve("lb"), distribution.resolve("bin/lb"));
    assertThat(output(link, java(17), Map.of(), "version")).contains("-Dweir.home=" + distribution);
  }

  @Test
  void javaIsAskedWhenItHasNoReleaseFile() throws Exception {
    Path java = java(21);
    Files.delete(java.resolve("../../release").normalize());
    assertThat(lb(java, Map.of(), "version")).contains("version");
  }

  @Test
  void aJavaThatIsTooOldOrMissingIsRefused() throws Exception {
    assertThat(output(distribution.resolve("bin/lb"), java(11), Map.of(), "version"))
        .containsExactly(
            "lb: LB_JAVA=" + java(11) + " is not a java of version 17 or later", "status 1");
    assertThat(output(distribution.resolve("bin/lb"), folder.resolve("none"), Map.of(), "version"))
        .contains("status 1");
  }

  @Test
  void anArchiveOfAnEarlierBuildIsReplacedAndTheNewOneIsUsed() throws Exception {
    Map<String, String> quickly = Map.of("LB_ARCHIVE_DELAY", "0");
    lb(java(25), quickly, "run");
    Path first = await().until(this::archive, found -> found != null);
    assertThat(lb(java(25), quickly, "run")).contains("-XX:AOTCache=" + first);

    Files.writeString(distribution.resolve("lib/lb-server.jar"), "another build");
    assertThat(lb(java(25), quickly, "run")).noneMatch(flag -> flag.startsWith("-XX:AOTCache="));
    Path second = await().until(this::archive, found -> found != null && !found.equals(first));
    assertThat(lb(java(25), quickly, "run")).contains("-XX:AOTCache=" + second);
    assertThat(first).doesNotExist();
  }

  @Test
  void anOlderJavaGetsAClassDataArchive() throws Exception {
    Map<String, String> quickly = Map.of("LB_ARCHIVE_DELAY", "0");
    lb(java(17), quickly, "run");
    Path archive = await().until(this::archive, found -> found != null);
    assertThat(lb(java(17), quickly, "run")).contains("-XX:SharedArchiveFile=" + archive);
    assertThat(lb(java(17), Map.of("LB_ARCHIVE", "no"), "run"))
        .noneMatch(flag -> flag.startsWith("-XX:SharedArchiveFile"));
  }

  @Test
  void aCacheThatCannotBeWrittenIsNoTrouble() throws Exception {
    Map<String, String> nowhere = Map.of("XDG_CACHE_HOME", "/proc/nothing");
    assertThat(lb(java(25), nowhere, "run")).contains("run", "status 0").doesNotContain("lb:");
  }

  private Path archive() throws IOException {
    Path cache = elsewhere.resolve("weir");
    if (!Files.isDirectory(cache)) {
      return null;
    }
    try (Stream<Path> files = Files.list(cache)) {
      return files.filter(Files::isRegularFile).findFirst().orElse(null);
    }
  }

  /** A java that prints its arguments, or writes the archive it is asked for. */
  private Path java(int version) throws IOException {
    Path home = folder.resolve("jdk " + version);
    Files.createDirectories(home.resolve("bin"));
    Files.writeString(home.resolve("release"), "JAVA_VERSION=\"" + version + ".0.1\"\n");
    return executable(
        home.resolve("bin/java"),
        """
        #!/bin/sh
        [ "$1" = -version ] && { echo 'openjdk version "%d.0.1"' >&2; exit; }
        for argument; do
          case $argument in
          -XX:AOTCacheOutput=* | -XX:ArchiveClassesAtExit=*) echo made >"${argument#*=}"; exit ;;
          esac
        done
        printf '%%s\\n' "$@"
        """
            .formatted(version));
  }

  private static Path executable(Path file, String text) throws IOException {
    Files.writeString(file, text);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    return file;
  }

  private List<String> lb(Path java, Map<String, String> environment, String... arguments)
      throws IOException, InterruptedException {
    return output(distribution.resolve("bin/lb"), java, environment, arguments);
  }

  /** What is printed, by line, and the exit status as the last line. */
  private List<String> output(
      Path script, Path java, Map<String, String> environment, String... arguments)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of(script.toString()));
    command.addAll(List.of(arguments));
    ProcessBuilder builder =
        new ProcessBuilder(command).directory(elsewhere.toFile()).redirectErrorStream(true);
    builder.environment().keySet().removeIf(name -> name.startsWith("LB_"));
    builder.environment().put("LB_JAVA", java.toString());
    builder.environment().put("XDG_CACHE_HOME", elsewhere.toString());
    builder.environment().putAll(environment);
    Process process = builder.start();
    String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
    List<String> lines = new ArrayList<>(text.lines().toList());
    lines.add("status " + process.exitValue());
    return lines;
  }
}
