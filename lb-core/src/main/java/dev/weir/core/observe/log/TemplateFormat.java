package dev.weir.core.observe.log;

import dev.weir.core.observe.EndSummary;
import dev.weir.core.observe.EndSummary.Phase;
import dev.weir.core.observe.EndSummary.Text;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** Text with names in braces, which stand for what they name; an opening brace in braces is one. */
final class TemplateFormat implements LineFormat {
  private static final Map<String, LineFormat> NAMES = names();

  private final List<LineFormat> pieces;

  private TemplateFormat(List<LineFormat> pieces) {
    this.pieces = pieces;
  }

  /**
   * Reads a template.
   *
   * @throws IllegalArgumentException naming what is wrong, with the names that are known
   */
  static TemplateFormat of(String template) {
    List<LineFormat> pieces = new ArrayList<>();
    int at = 0;
    while (at < template.length()) {
      int open = template.indexOf('{', at);
      String literal = template.substring(at, open < 0 ? template.length() : open);
      if (!literal.chars().allMatch(c -> c >= 0x20 && c < 0x7f)) {
        throw new IllegalArgumentException("a template is printable ASCII");
      }
      pieces.add((end, time, line) -> line.add(literal));
      if (open < 0) {
        break;
      }
      int close = template.indexOf('}', open);
      if (close < 0) {
        throw new IllegalArgumentException("'{' without '}'");
      }
      String name = template.substring(open + 1, close);
      LineFormat piece = name.equals("{") ? (end, time, line) -> line.add("{") : NAMES.get(name);
      if (piece == null) {
        throw new IllegalArgumentException(
            "unknown name '" + name + "'; known: " + String.join(", ", NAMES.keySet()));
      }
      pieces.add(piece);
      at = close + 1;
    }
    return new TemplateFormat(List.copyOf(pieces));
  }

  private static Map<String, LineFormat> names() {
    Map<String, LineFormat> names = new TreeMap<>();
    names.put("time", (end, time, line) -> time.addIso(line));
    names.put("listener", (end, time, line) -> line.addEscaped(end.listener()));
    names.put("status", (end, time, line) -> line.add(end.status()));
    names.put("phase", (end, time, line) -> line.add(end.cause().phase().code()));
    names.put("side", (end, time, line) -> line.add(end.cause().side().code()));
    names.put("avoidable", (end, time, line) -> line.add(end.avoidable() ? "true" : "false"));
    names.put(
        "ended-by",
        (end, time, line) -> line.add(end.endedBy() == null ? "-" : end.endedBy().code()));
    names.put("cause", (end, time, line) -> line.add(end.cause().code()));
    names.put(
        "route", (end, time, line) -> line.addEscaped(end.route() == null ? "-" : end.route()));
    names.put("pool", (end, time, line) -> line.addEscaped(end.pool() == null ? "-" : end.pool()));
    names.put(
        "backend",
        (end, time, line) -> line.addEscaped(end.backend() == null ? "-" : end.backend().name()));
    names.put("attempts", (end, time, line) -> line.add(end.attempts()));
    names.put("bytes-in", (end, time, line) -> line.add(end.bytesIn()));
    names.put("bytes-out", (end, time, line) -> line.add(end.bytesOut()));
    names.put("ms", (end, time, line) -> line.addMillis(end.endNanos() - end.startNanos()));
    for (Phase phase : Phase.values()) {
      names.put("ms-" + key(phase), (end, time, line) -> phase(end, phase, line));
    }
    for (Text text : Text.values()) {
      names.put(
          key(text),
          (end, time, line) -> {
            if (!line.addPart(end, text)) {
              line.add("-");
            }
          });
    }
    return Collections.unmodifiableMap(names);
  }

  private static String key(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  private static void phase(EndSummary end, Phase phase, LogLine line) {
    long nanos = end.phase(phase);
    if (nanos < 0) {
      line.add("-");
    } else {
      line.addMillis(nanos);
    }
  }

  @Override
  public void write(EndSummary end, LogTime time, LogLine line) {
    for (int i = 0; i < pieces.size(); i++) {
      pieces.get(i).write(end, time, line);
    }
  }
}
