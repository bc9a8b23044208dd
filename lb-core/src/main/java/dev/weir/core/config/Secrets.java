package dev.weir.core.config;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Consumer;

/** Reads values that a configuration keeps in files of their own. Blocks: workers only. */
final class Secrets {
  static final int LIMIT = 64 * 1024;

  private Secrets() {}

  /**
   * The content of the file, without one line end at its end.
   *
   * @param wrong takes a sentence, without any content, when it cannot be used
   */
  static Optional<String> read(String file, Consumer<String> wrong) {
    if (!file.startsWith("/")) {
      wrong.accept("must be file: and an absolute path, such as file:/etc/weir/token");
      return Optional.empty();
    }
    try {
      Path path = Path.of(file);
      if (Files.isDirectory(path)) {
        wrong.accept(Quote.text(file) + " is a folder");
        return Optional.empty();
      }
      byte[] bytes;
      try (InputStream in = Files.newInputStream(path)) {
        bytes = in.readNBytes(LIMIT + 1);
      }
      if (bytes.length > LIMIT) {
        wrong.accept(Quote.text(file) + " is longer than 64 KiB");
        return Optional.empty();
      }
      String text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
      return Optional.of(text.replaceFirst("\r?\n\\z", ""));
    } catch (CharacterCodingException e) {
      wrong.accept(Quote.text(file) + " is not UTF-8 text");
    } catch (IOException | IllegalArgumentException e) {
      wrong.accept(Quote.text(file) + " cannot be read: " + Failures.reason(e));
    }
    return Optional.empty();
  }
}
