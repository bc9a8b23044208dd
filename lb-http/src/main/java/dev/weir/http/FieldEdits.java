package dev.weir.http;

import dev.weir.core.config.RouteConfig;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Edits of the fields of a head: some are taken out, some written. Names and values are checked
 * when the configuration is; immutable.
 */
final class FieldEdits {
  private static final byte[] CRLF = {'\r', '\n'};

  private static final class Line {
    private final byte[] start;
    private final Template value;

    Line(String name, Template value) {
      start = Chars.bytes(name + ": ");
      this.value = value;
    }
  }

  private final byte[][] out;
  private final Line[] lines;

  /** As configured. */
  FieldEdits(RouteConfig.Headers edits, Map<String, Integer> captured) {
    List<String> names = new ArrayList<>(edits.remove());
    names.addAll(edits.set().keySet());
    out =
        names.stream()
            .map(name -> Chars.bytes(name.toLowerCase(Locale.ROOT)))
            .toArray(byte[][]::new);
    List<Line> written = new ArrayList<>();
    edits.set().forEach((name, value) -> written.add(line(name, value, captured)));
    edits.add().forEach((name, value) -> written.add(line(name, value, captured)));
    lines = written.toArray(Line[]::new);
  }

  private static Line line(String name, String value, Map<String, Integer> captured) {
    return new Line(name, Template.of(value, captured));
  }

  /** Marks the fields that are taken out or written anew. */
  void drop(Head head) {
    for (int i = 0; i < head.count(); i++) {
      for (byte[] name : out) {
        if (Chars.equalsLower(head.bytes, head.nameStart(i), head.nameEnd(i), name)) {
          head.drop(i);
        }
      }
    }
  }

  void write(Variables values, HeadWriter to) {
    for (Line line : lines) {
      to.add(line.start);
      line.value.write(values, to);
      to.add(CRLF);
    }
  }
}
