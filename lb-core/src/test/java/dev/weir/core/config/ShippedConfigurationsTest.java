package dev.weir.core.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every configuration that is shipped can be used as it is. */
class ShippedConfigurationsTest {
  private static final Path CONF = Path.of("../conf");

  static List<Path> whole() throws IOException {
    return files().stream().filter(file -> !isPart(file)).toList();
  }

  @ParameterizedTest
  @MethodSource("whole")
  void aShippedConfigurationIsAccepted(Path file) throws ConfigException {
    LbConfig config = new ConfigBinder(Map.<String, String>of()::get).bind(ConfigReader.read(file));
    assertThat(config.listeners()).isNotEmpty();
    assertThat(config.pools()).isNotEmpty();
  }

  @Test
  void theDefaultConfigurationAndTheExamplesAreThere() throws IOException {
    assertThat(whole()).hasSizeGreaterThanOrEqualTo(4).contains(CONF.resolve("lb.yaml"));
  }

  @Test
  void everyPartIsIncludedBySomeConfiguration() throws Exception {
    List<String> origins =
        new java.util.ArrayList<>(
            ConfigReader.read(CONF.resolve("examples/many-pools.yaml")).origins().values().stream()
                .map(Document.Origin::file)
                .distinct()
                .toList());
    for (Path file : files()) {
      if (isPart(file)) {
        assertThat(origins).contains(file.toString());
      }
    }
  }

  private static boolean isPart(Path file) {
    return file.getParent().toString().endsWith(".d");
  }

  private static List<Path> files() throws IOException {
    try (Stream<Path> files = Files.walk(CONF)) {
      return files.filter(f -> f.toString().endsWith(".yaml")).sorted().toList();
    }
  }
}
