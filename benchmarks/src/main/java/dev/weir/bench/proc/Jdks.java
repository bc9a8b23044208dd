package dev.weir.bench.proc;

import dev.weir.bench.UnfitException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The JDKs of this machine, by the {@code release} file that each has. */
public final class Jdks {
  private static final Pattern VERSION = Pattern.compile("JAVA_VERSION=\"(\\d+)");

  private Jdks() {}

  /** Homes by major version: JAVA_HOME, the running one, and those under {@code /usr/lib/jvm}. */
  public static Map<Integer, Path> found() {
    Map<Integer, Path> homes = new TreeMap<>();
    Stream.concat(
            Stream.of(
                    System.getenv().getOrDefault("JAVA_HOME", ""), System.getProperty("java.home"))
                .filter(home -> !home.isEmpty())
                .map(Path::of),
            children(Path.of("/usr/lib/jvm")).stream())
        .forEach(home -> major(home, homes));
    return homes;
  }

  private static List<Path> children(Path folder) {
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    try (Stream<Path> all = Files.list(folder)) {
      return all.sorted(Comparator.comparing(Path::toString)).toList();
    } catch (IOException unreadable) {
      return List.of();
    }
  }

  private static void major(Path home, Map<Integer, Path> into) {
    Path release = home.resolve("release");
    if (!Files.isReadable(release) || !Files.isExecutable(home.resolve("bin/java"))) {
      return;
    }
    try {
      Matcher version = VERSION.matcher(Files.readString(release));
      if (version.find()) {
        into.putIfAbsent(Integer.parseInt(version.group(1)), home);
      }
    } catch (IOException unreadable) {
      // a JDK that cannot be read is none
    }
  }

  /**
   * The {@code java} of a major version.
   *
   * @throws UnfitException naming those that there are
   */
  public static Path java(int major) {
    Map<Integer, Path> homes = found();
    Path home = homes.get(major);
    if (home == null) {
      throw new UnfitException("no JDK " + major + " found; there are: " + homes.keySet());
    }
    return home.resolve("bin/java");
  }
}
