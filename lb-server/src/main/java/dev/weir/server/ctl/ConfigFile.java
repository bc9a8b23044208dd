package dev.weir.server.ctl;

import dev.weir.core.config.AdminConfig;
import dev.weir.core.config.ConfigBinder;
import dev.weir.core.config.ConfigException;
import dev.weir.core.config.ConfigReader;
import dev.weir.core.config.Document;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** What {@code lb ctl} reads of configuration files. */
final class ConfigFile {
  private ConfigFile() {}

  /**
   * A whole configuration as a file has it, YAML or JSON.
   *
   * @throws CtlFailure with everything that is wrong with its text
   */
  static JsonNode read(Path file) throws CtlFailure {
    return document(file).tree();
  }

  /**
   * Where the admin API of a balancer with this file is; what is wrong with the rest of the file
   * does not matter.
   *
   * @throws CtlFailure when that cannot be read
   */
  static AdminConfig admin(Path file) throws CtlFailure {
    Document whole = document(file);
    ObjectNode part = JsonNodeFactory.instance.objectNode();
    JsonNode admin = whole.tree().get("admin");
    if (admin != null) {
      part.set("admin", admin);
    }
    try {
      return ConfigBinder.ofProcess().bind(new Document(part, whole.origins())).admin();
    } catch (ConfigException wrong) {
      throw failure(file, wrong);
    }
  }

  private static Document document(Path file) throws CtlFailure {
    if (!Files.isReadable(file)) {
      throw new CtlFailure("cannot read " + file);
    }
    try {
      return ConfigReader.read(file);
    } catch (ConfigException wrong) {
      throw failure(file, wrong);
    }
  }

  private static CtlFailure failure(Path file, ConfigException wrong) {
    return new CtlFailure(
        file
            + " cannot be used:\n"
            + wrong.problems().stream()
                .map(problem -> "  " + problem)
                .collect(Collectors.joining("\n")));
  }
}
