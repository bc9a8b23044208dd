package dev.weir.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.core.config.ConfigBinder;
import dev.weir.core.config.ConfigReader;
import dev.weir.core.config.LbConfig;
import dev.weir.core.config.Problem;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The documentation of routes and the shipped configurations say what is true. */
final class RoutesPageTest {
  private static final Path PAGE = Path.of("../docs/routes.md");

  static List<String> examples() throws Exception {
    List<String> found = new ArrayList<>();
    Matcher blocks = Pattern.compile("(?s)```yaml\n(.*?)```").matcher(Files.readString(PAGE));
    while (blocks.find()) {
      found.add(blocks.group(1));
    }
    return found;
  }

  static List<Path> shipped() throws Exception {
    try (Stream<Path> files = Files.list(Path.of("../conf/examples"))) {
      return files.filter(file -> file.toString().endsWith(".yaml")).sorted().toList();
    }
  }

  @Test
  void thePageHasItsExamples() throws Exception {
    assertThat(examples()).hasSizeGreaterThanOrEqualTo(8);
  }

  @ParameterizedTest
  @MethodSource("examples")
  void anExampleOfThePageHasNoProblem(String keys) {
    assertThat(Yaml.problems(keys)).isEmpty();
  }

  @ParameterizedTest
  @MethodSource("shipped")
  void aShippedConfigurationHasNoProblemWithRoutes(Path file) throws Exception {
    LbConfig config = new ConfigBinder(Map.<String, String>of()::get).bind(ConfigReader.read(file));
    List<Problem> problems = new ArrayList<>();
    config
        .listeners()
        .forEach(
            (name, listener) -> {
              if (listener.protocol().equals("http")) {
                RouteChecks.check("/listeners/" + name, listener, problems::add);
              }
            });
    assertThat(problems).isEmpty();
  }
}
