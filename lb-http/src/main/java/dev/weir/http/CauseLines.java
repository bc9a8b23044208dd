package dev.weir.http;

import dev.weir.core.observe.Cause;
import java.util.EnumMap;
import java.util.Map;

/** The field {@code Weir-Cause} of answers that the proxy gives itself, ready for each cause. */
final class CauseLines {
  private final Map<Cause, byte[]> lines = new EnumMap<>(Cause.class);

  /** {@code mode}: {@code off}, {@code cause} or {@code full}. */
  CauseLines(String mode) {
    for (Cause cause : Cause.values()) {
      String line = "Weir-Cause: " + cause.code();
      if (mode.equals("full")) {
        line += "; phase=" + cause.phase().code() + "; side=" + cause.side().code();
      }
      lines.put(cause, Chars.bytes(mode.equals("off") ? "" : line + "\r\n"));
    }
  }

  /** The line with its end; empty when there is none. */
  byte[] of(Cause cause) {
    return lines.get(cause);
  }
}
