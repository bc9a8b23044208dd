package dev.weir.core.config;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** Reads and binds configuration texts in tests. */
final class Configs {
  private Configs() {}

  static Document document(Path folder, String yaml) throws ConfigException {
    return ConfigReader.read(write(folder, "lb.yaml", yaml));
  }

  static LbConfig bind(Path folder, String yaml, Map<String, String> environment)
      throws ConfigException {
    return new ConfigBinder(environment::get).bind(document(folder, yaml));
  }

  /** All problems as text, with the file's folder left out; empty when it is fine. */
  static List<String> problems(Path folder, String yaml, Map<String, String> environment) {
    try {
      bind(folder, yaml, environment);
      return List.of();
    } catch (ConfigException e) {
      return texts(folder, e);
    }
  }

  static List<String> problems(Path folder, String yaml) {
    return problems(folder, yaml, Map.of());
  }

  static List<String> texts(Path folder, ConfigException e) {
    return e.problems().stream().map(p -> p.toString().replace(folder + "/", "")).toList();
  }

  static Path write(Path folder, String name, String text) {
    try {
      Path file = folder.resolve(name);
      Files.createDirectories(file.getParent());
      return Files.writeString(file, text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
