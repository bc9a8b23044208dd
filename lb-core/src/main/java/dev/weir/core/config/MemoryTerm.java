package dev.weir.core.config;

/**
 * A part of the memory that the process may need at worst.
 *
 * @param what it is, for people
 * @param formula how {@code bytes} comes about, for people
 * @param direct whether it is direct memory; otherwise it is on the heap
 */
public record MemoryTerm(String what, long bytes, String formula, boolean direct) {
  private static final long KIB = 1024;

  /** A term of direct memory. */
  public static MemoryTerm direct(String what, long bytes, String formula) {
    return new MemoryTerm(what, bytes, formula, true);
  }

  /** A term on the heap. */
  public static MemoryTerm heap(String what, long bytes, String formula) {
    return new MemoryTerm(what, bytes, formula, false);
  }

  /** {@code 64 KiB}, {@code 1.5 MiB} and the like. */
  public static String text(long bytes) {
    String[] units = {"B", "KiB", "MiB", "GiB", "TiB"};
    double value = bytes;
    int unit = 0;
    while (value >= KIB && unit < units.length - 1) {
      value /= KIB;
      unit++;
    }
    boolean whole = value == Math.rint(value);
    return String.format(java.util.Locale.ROOT, whole ? "%.0f %s" : "%.1f %s", value, units[unit]);
  }
}
