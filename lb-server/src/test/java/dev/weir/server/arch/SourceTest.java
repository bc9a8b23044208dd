package dev.weir.server.arch;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Rules about source files that class files do not show. */
class SourceTest {
  private static final int HARD_LIMIT = 500;

  @Test
  void noSourceFileIsLongerThanTheHardLimit() throws IOException {
    assertThat(tooLong(Path.of("..").toRealPath())).isEmpty();
  }

  @Test
  void aFileBeyondTheHardLimitIsSeen(@TempDir Path folder) throws IOException {
    Path sources = Files.createDirectories(folder.resolve("lb-x/src/main/java"));
    Files.writeString(sources.resolve("Fits.java"), lines(HARD_LIMIT));
    Files.writeString(sources.resolve("Long.java"), lines(HARD_LIMIT + 1));

    assertThat(tooLong(folder)).containsExactly(sources.resolve("Long.java") + ": 501 lines");
  }

  private static String lines(int count) {
    return IntStream.range(0, count).mapToObj(i -> "// " + i + "\n").collect(Collectors.joining());
  }

  private static List<String> tooLong(Path repository) throws IOException {
    try (Stream<Path> files = Files.walk(repository)) {
      return files
          .filter(file -> file.toString().endsWith(".java"))
          .filter(file -> file.toString().contains("/src/"))
          .flatMap(SourceTest::complaint)
          .toList();
    }
  }

  private static Stream<String> complaint(Path file) {
    try (Stream<String> lines = Files.lines(file)) {
      long count = lines.count();
      return count > HARD_LIMIT ? Stream.of(file + ": " + count + " lines") : Stream.of();
    } catch (IOException unreadable) {
      throw new IllegalStateException(unreadable);
    }
  }
}
