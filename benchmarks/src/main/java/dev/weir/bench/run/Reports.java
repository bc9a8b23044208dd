package dev.weir.bench.run;

import dev.weir.bench.Options;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.List;

/** A folder for the files of one run, and what is printed both there and on the terminal. */
public final class Reports {
  private static final DateTimeFormatter STAMP = DateTimeFormatter.ofPattern("yyyy-MM-dd-HHmm");

  private final Path folder;
  private final PrintStream out;

  private Reports(Path folder, PrintStream out) {
    this.folder = folder;
    this.out = out;
  }

  /** {@code benchmarks/reports/<date>-<name>}, or the folder given by {@code --out}. */
  public static Reports open(Options options, Path root, String name, PrintStream out) {
    String stamp = LocalDateTime.now(ZoneId.systemDefault()).format(STAMP);
    String standard = root.resolve("benchmarks/reports/" + stamp + "-" + name).toString();
    Path wanted = Path.of(options.text("out", standard)).toAbsolutePath().normalize();
    try {
      Path folder = wanted;
      for (int i = 2; Files.exists(folder.resolve("report.md")); i++) {
        folder = wanted.resolveSibling(wanted.getFileName() + "." + i);
      }
      return new Reports(Files.createDirectories(folder), out);
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  /** A folder inside this one. */
  Reports inner(String name) {
    try {
      return new Reports(Files.createDirectories(folder.resolve(name)), out);
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  /** A file of this folder. */
  String read(String file) {
    try {
      return Files.readString(folder.resolve(file));
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  /** Where the files are. */
  public Path folder() {
    return folder;
  }

  /** A line for whoever watches. */
  public void say(String line) {
    out.println(line);
    out.flush();
  }

  /** Writes the report and prints it. */
  public void finish(String markdown) {
    write("report.md", List.of(markdown.strip()));
    out.println();
    out.println(markdown.strip());
    out.println();
    out.println("kept in " + folder);
    out.flush();
  }

  /** Writes a file of lines. */
  public void write(String file, List<String> lines) {
    try {
      Files.write(folder.resolve(file), lines, StandardCharsets.UTF_8);
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }
}
