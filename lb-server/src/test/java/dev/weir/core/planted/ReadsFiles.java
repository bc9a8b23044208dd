package dev.weir.core.planted;

import java.nio.file.Files;
import java.nio.file.Path;

/** Breaks a rule on purpose. */
public final class ReadsFiles {
  boolean there(Path path) {
    return Files.exists(path);
  }
}
