package dev.weir.core.net;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The file descriptors of this process, as the kernel counts them. Blocks; never on a loop. */
interface Descriptors {
  /** How many may be open at once. */
  int limit();

  /** How many are open now. */
  int open();

  /** Linux through {@code /proc}; where there is none, no limit is known and nothing is counted. */
  static Descriptors ofProcess() {
    return of(Path.of("/proc/self"));
  }

  /** The same for a process folder given. */
  static Descriptors of(Path process) {
    int limit = limitOf(process.resolve("limits"));
    Path folder = process.resolve("fd");
    return new Descriptors() {
      @Override
      public int limit() {
        return limit;
      }

      @Override
      public int open() {
        return openIn(folder);
      }
    };
  }

  private static int limitOf(Path file) {
    try {
      return limitIn(Files.readAllLines(file));
    } catch (IOException notLinux) {
      return Integer.MAX_VALUE;
    }
  }

  /** The soft limit in the lines of a {@code limits} file; the largest int when it has none. */
  static int limitIn(List<String> lines) {
    for (String line : lines) {
      if (line.startsWith("Max open files")) {
        String soft = line.substring("Max open files".length()).trim().split("\\s+")[0];
        return soft.chars().allMatch(Character::isDigit) && soft.length() < 10
            ? Integer.parseInt(soft)
            : Integer.MAX_VALUE;
      }
    }
    return Integer.MAX_VALUE;
  }

  // Since Linux 6.2 the size of the folder is the number of its entries; before, it is 0.
  private static int openIn(Path folder) {
    try {
      long size = Files.size(folder);
      return size > 0 ? (int) size : entries(folder);
    } catch (IOException notLinux) {
      return 0;
    }
  }

  private static int entries(Path folder) throws IOException {
    int entries = 0;
    try (DirectoryStream<Path> all = Files.newDirectoryStream(folder)) {
      for (Path ignored : all) {
        entries++;
      }
    }
    return entries;
  }
}
