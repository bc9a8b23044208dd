package dev.weir.core.config;

/**
 * One line for each exchange and session that ends.
 *
 * @param to {@code stdout} (default), {@code off}, {@code file:PATH} or {@code syslog:HOST:PORT}
 *     (UDP)
 * @param format {@code json} (default), {@code combined}, or a template with names in braces such
 *     as client, method, target, status, ms
 * @param every writes only each n-th line, counted per event loop, 1..1000000; default 1: all
 */
public record AccessLogConfig(
    @Describe(
            value = "stdout, off, file:PATH or syslog:HOST:PORT (UDP, RFC 5424).",
            defaults = "stdout")
        String to,
    @Describe(
            value = "json, combined, or a template such as '{client} {method} {target} {status}'.",
            defaults = "json")
        String format,
    @Describe(value = "Writes only each n-th line.", defaults = "1", min = "1", max = "1000000")
        Integer every) {
  /** Fills in defaults. */
  public AccessLogConfig {
    to = to == null ? "stdout" : to;
    format = format == null ? "json" : format;
    every = every == null ? 1 : every;
  }

  static boolean known(String to) {
    if (to.startsWith("syslog:")) {
      try {
        return HostPort.parse(to.substring("syslog:".length())).port() > 0;
      } catch (IllegalArgumentException bad) {
        return false;
      }
    }
    return to.equals("stdout") || to.equals("off") || (to.startsWith("file:") && to.length() > 5);
  }

  /** Whether nothing is to be written. */
  public boolean off() {
    return to.equals("off");
  }
}
