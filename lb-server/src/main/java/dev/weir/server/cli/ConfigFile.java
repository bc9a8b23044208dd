package dev.weir.server.cli;

import java.nio.file.Path;
import picocli.CommandLine.Option;

/** The option that names the configuration file. */
final class ConfigFile {
  @Option(
      names = {"-c", "--config"},
      paramLabel = "FILE",
      description = "The configuration; default: conf/lb.yaml of this installation.")
  private Path file;

  /** The file given, or the installation's own; the launcher says where that is. */
  Path path() {
    return file != null ? file : Path.of(System.getProperty("weir.home", ""), "conf", "lb.yaml");
  }
}
