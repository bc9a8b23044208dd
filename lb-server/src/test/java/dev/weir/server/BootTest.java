package dev.weir.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weir.core.config.ConfigBinder;
import dev.weir.core.config.ConfigException;
import dev.weir.core.config.ConfigReader;
import dev.weir.core.config.Document;
import dev.weir.core.config.JsonReader;
import dev.weir.core.control.WallClock;
import dev.weir.core.store.ConfigStore;
import dev.weir.core.store.ConfigStore.Change;
import dev.weir.core.store.FileConfigStore;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BootTest {
  private static final String BOTH =
      """
      listeners: { web: { bind: "127.0.0.1:8080", protocol: tcp, pool: one } }
      pools:
        one: { backends: { a: { address: "127.0.0.1:1" } } }
        two: { backends: { a: { address: "127.0.0.1:2" } } }
      """;
  private static final String ONLY_ONE =
      """
      listeners: { web: { bind: "127.0.0.1:8080", protocol: tcp, pool: one } }
      pools:
        one: { backends: { a: { address: "127.0.0.1:1" } } }
      """;

  @TempDir private Path folder;

  @Test
  void storesNothingThatCannotBeRun() throws Exception {
    try (ConfigStore store = FileConfigStore.open(folder.resolve("state"), notice -> {})) {
      Boot boot = new Boot(store, WallClock.system(), BootTest::binds);
      long first = boot.state(file(BOTH), false).generation();
      byte[] toTwo =
          "{\"listeners\":{\"web\":{\"pool\":\"two\"}}}".getBytes(StandardCharsets.UTF_8);
      store.append(first, new Change("api", "test", 0, JsonReader.patch(toTwo), null));

      assertThatThrownBy(() -> boot.state(file(ONLY_ONE), false))
          .isInstanceOf(ConfigException.class)
          .hasMessageContaining("two");
      assertThat(store.load().orElseThrow().generation()).isEqualTo(first + 1);

      assertThat(boot.state(file(ONLY_ONE), true).generation()).isEqualTo(first + 2);
    }
  }

  private static void binds(Document effective) throws ConfigException {
    ConfigBinder.ofProcess().bind(effective);
  }

  private Document file(String text) throws Exception {
    return ConfigReader.read(Files.writeString(folder.resolve("lb.yaml"), text));
  }
}
