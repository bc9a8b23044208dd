package dev.weir.core.config;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.regex.PatternSyntaxException;

/** Finds the files that an {@code include:} names. */
final class Globs {
  private Globs() {}

  /**
   * The files in the order of their names. A glob may match nothing; a name without wildcards is
   * returned whether or not it exists. Names that begin with a dot are matched by globs that do.
   *
   * @param file the including file
   * @param glob relative to it, or absolute; wildcards as in a shell, without {@code **}
   * @param wrong takes a sentence when the glob cannot be used
   */
  static List<Path> expand(Path file, String glob, Consumer<String> wrong) {
    if (glob.isBlank() || glob.contains("**") || glob.indexOf('\0') >= 0) {
      wrong.accept(Quote.text(glob) + " is not a file name or a glob such as 'conf.d/*.yaml'");
      return List.of();
    }
    Path folder = file.getParent() == null ? Path.of("") : file.getParent();
    List<Path> found = List.of(glob.startsWith("/") ? Path.of("/") : folder);
    String[] segments = glob.split("/+");
    try {
      for (String segment : segments) {
        if (!segment.isEmpty()) {
          found = step(found, segment);
        }
        if (found.size() > Bounds.FILES) {
          wrong.accept(Quote.text(glob) + " matches more than " + Bounds.FILES + " files");
          return List.of();
        }
      }
    } catch (IOException | DirectoryIteratorException e) {
      wrong.accept(Quote.text(glob) + " cannot be read: " + Failures.reason(e));
      return List.of();
    } catch (PatternSyntaxException e) {
      wrong.accept(Quote.text(glob) + " is not a glob: " + Quote.bare(e.getDescription()));
      return List.of();
    }
    return found;
  }

  private static List<Path> step(List<Path> folders, String segment) throws IOException {
    List<Path> found = new ArrayList<>();
    boolean wild = segment.chars().anyMatch(c -> "*?[{".indexOf(c) >= 0);
    for (Path folder : folders) {
      if (!wild) {
        found.add(folder.resolve(segment));
      } else if (Files.isDirectory(folder)) {
        matching(folder, segment, found);
      }
    }
    return found;
  }

  private static void matching(Path folder, String segment, List<Path> found) throws IOException {
    List<Path> matched = new ArrayList<>();
    Path listed = folder.toString().isEmpty() ? Path.of(".") : folder;
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(listed, segment)) {
      for (Path entry : entries) {
        String name = entry.getFileName().toString();
        if (segment.startsWith(".") || !name.startsWith(".")) {
          matched.add(folder.resolve(name));
        }
        if (matched.size() > Bounds.FILES) {
          break;
        }
      }
    }
    matched.sort(null);
    found.addAll(matched);
  }
}
