package dev.weir.bench.proc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.core.config.ConfigBinder;
import dev.weir.core.config.ConfigReader;
import dev.weir.core.config.LbConfig;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OurConfigurationsTest {
  private static final Map<String, String> HOLES =
      Map.of(
          "backend4",
          "7107",
          "log",
          "file:/tmp/weir/access.log",
          "dir",
          "/tmp/weir",
          "port",
          "7101",
          "admin",
          "7102",
          "metrics",
          "7103",
          "backend1",
          "7104",
          "backend2",
          "7105",
          "backend3",
          "7106");

  @TempDir Path folder;

  @ParameterizedTest
  @ValueSource(strings = {"http.yaml", "tcp.yaml", "three.yaml", "crash.yaml", "soak.yaml"})
  void whatWeirIsMeasuredWithIsAValidConfiguration(String name) throws Exception {
    Path filled = Templates.write(Path.of("weir", name), HOLES, folder.resolve(name));

    LbConfig config = ConfigBinder.ofProcess().bind(ConfigReader.read(filled));

    assertThat(config.listeners()).hasSize(1);
    assertThat(config.process().loops()).isEqualTo(1);
  }
}
