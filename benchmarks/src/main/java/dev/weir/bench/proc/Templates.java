package dev.weir.bench.proc;

import dev.weir.bench.UnfitException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Fills {@code {{name}}} in a committed configuration; the result is kept with the report. */
public final class Templates {
  private static final Pattern HOLE = Pattern.compile("\\{\\{(\\w+)}}");

  private Templates() {}

  /**
   * The text with every hole filled. A comment may show an empty pair of braces: only words count.
   *
   * @throws UnfitException naming a hole without a value
   */
  static String fill(String text, Map<String, String> values) {
    return HOLE.matcher(text)
        .replaceAll(
            hole -> {
              String value = values.get(hole.group(1));
              if (value == null) {
                throw new UnfitException("no value for {{" + hole.group(1) + "}}");
              }
              return Matcher.quoteReplacement(value);
            });
  }

  /** Writes a filled template. */
  public static Path write(Path template, Map<String, String> values, Path to) {
    try {
      Files.createDirectories(to.getParent());
      return Files.writeString(to, fill(Files.readString(template), values));
    } catch (IOException failure) {
      throw new UncheckedIOException("template " + template, failure);
    }
  }
}
