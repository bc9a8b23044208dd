package dev.weir.bench.soak;

import dev.weir.bench.proc.LiveHeap;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Which classes hold more at the end than after the first quarter, so that a heap that grows can be
 * explained. Histograms as {@code jcmd GC.class_histogram} prints them.
 */
final class Growth {
  private static final int SHOWN = 12;

  private Map<String, Held> first = Map.of();
  private Map<String, Held> last = Map.of();

  private record Held(long instances, long bytes) {}

  private record Row(String name, long instances, long bytes) {}

  /** The next histogram; only the first and the last are kept. */
  void add(String histogram) {
    last = read(histogram);
    if (first.isEmpty()) {
      first = last;
    }
  }

  private static Map<String, Held> read(String histogram) {
    Map<String, Held> all = new HashMap<>();
    for (String line : histogram.split("\n", -1)) {
      String[] words = line.strip().split("\\s+");
      boolean row = words.length >= 4 && words[0].matches("[0-9]+:");
      if (row && !words[3].contains(LiveHeap.FILLER)) {
        Held held = new Held(Long.parseLong(words[1]), Long.parseLong(words[2]));
        all.merge(words[3], held, Growth::sum); // hidden classes share a name
      }
    }
    return all;
  }

  private static Held sum(Held one, Held other) {
    return new Held(one.instances() + other.instances(), one.bytes() + other.bytes());
  }

  private List<Row> rows() {
    Held none = new Held(0, 0);
    return last.entrySet().stream()
        .map(
            entry -> {
              Held before = first.getOrDefault(entry.getKey(), none);
              Held now = entry.getValue();
              return new Row(
                  entry.getKey(),
                  now.instances() - before.instances(),
                  now.bytes() - before.bytes());
            })
        .filter(row -> row.bytes() > 0)
        .sorted(Comparator.comparingLong(Row::bytes).reversed().thenComparing(Row::name))
        .limit(SHOWN)
        .toList();
  }

  /** A table, the largest first. */
  String markdown() {
    StringBuilder text =
        new StringBuilder("\n| more at the end than after the first quarter | objects | bytes |\n");
    text.append("|---|---|---|\n");
    for (Row row : rows()) {
      text.append("| `").append(row.name()).append("` | ").append(row.instances());
      text.append(" | ").append(row.bytes()).append(" |\n");
    }
    return text.toString();
  }
}
