package dev.weir.core.config;

/**
 * One thing that is wrong with a configuration. All problems of a document are reported at once.
 *
 * @param file the file it stands in; empty for a document that came through the API
 * @param line the line in that file, from 1; 0 when unknown
 * @param path JSON pointer (RFC 6901) of the value, such as {@code /pools/web/backends/web-1}
 * @param message what is wrong, and where possible what would be right
 */
public record Problem(String file, int line, String path, String message) {
  /** A problem known by its path only; the reader adds file and line. */
  public static Problem at(String path, String message) {
    return new Problem("", 0, path, message);
  }

  /** {@code file:line: path: message}, leaving out what is not known; harmless on a terminal. */
  @Override
  public String toString() {
    StringBuilder text = new StringBuilder();
    if (!file.isEmpty()) {
      text.append(Quote.whole(file)).append(':');
      if (line > 0) {
        text.append(line).append(':');
      }
      text.append(' ');
    }
    if (!path.isEmpty()) {
      text.append(Quote.whole(path)).append(": ");
    }
    return text.append(message).toString();
  }
}
