package dev.weir.core.config;

/** Shows foreign text in a message: short, on one line, harmless on a terminal. */
final class Quote {
  private static final int LONGEST = 80;

  private Quote() {}

  /** The text in single quotes. */
  static String text(String text) {
    return "'" + bare(text) + "'";
  }

  /** The text without quotes. */
  static String bare(String text) {
    StringBuilder shown = new StringBuilder();
    text.codePoints().limit(LONGEST).forEach(c -> append(shown, c));
    if (text.codePointCount(0, text.length()) > LONGEST) {
      shown.append("...");
    }
    return shown.toString();
  }

  /** The text without quotes, however long it is. */
  static String whole(String text) {
    StringBuilder shown = new StringBuilder(text.length());
    text.codePoints().forEach(c -> append(shown, c));
    return shown.toString();
  }

  private static void append(StringBuilder shown, int c) {
    switch (c) {
      case '\n' -> shown.append("\\n");
      case '\r' -> shown.append("\\r");
      case '\t' -> shown.append("\\t");
      default -> {
        boolean strange =
            Character.isISOControl(c)
                || !Character.isDefined(c)
                || Character.getType(c) == Character.FORMAT
                || Character.getType(c) == Character.SURROGATE;
        if (strange) {
          shown.append("\\u{").append(Integer.toHexString(c)).append('}');
        } else {
          shown.appendCodePoint(c);
        }
      }
    }
  }
}
