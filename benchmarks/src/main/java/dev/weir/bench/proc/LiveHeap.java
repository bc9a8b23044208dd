package dev.weir.bench.proc;

import java.nio.file.Path;
import java.util.List;

/** The objects of a JVM that are reachable, as {@code jcmd} counts them. */
public final class LiveHeap {
  /** Of {@code jdk.internal.vm.FillerArray} and {@code FillerElement[]}. */
  public static final String FILLER = "jdk.internal.vm.Filler";

  private LiveHeap() {}

  /**
   * The histogram of classes after two full collections, so that what the first one found to be
   * done is gone too.
   *
   * @param java of the JDK that runs the process
   */
  public static String histogram(Path java, long pid) {
    String jcmd = java.resolveSibling("jcmd").toString();
    String process = String.valueOf(pid);
    Tools.output(List.of(jcmd, process, "GC.run"));
    return Tools.output(List.of(jcmd, process, "GC.class_histogram"));
  }

  /**
   * {@code Total 1234 56789} at the end of a histogram of classes, without the objects by which a
   * collector fills the gaps that it did not close: those are dead.
   */
  public static long bytes(String histogram) {
    String last = histogram.substring(histogram.lastIndexOf('\n') + 1).strip();
    String[] words = last.split("\\s+");
    if (words.length < 3 || !words[0].equals("Total")) {
      throw new IllegalStateException("not a histogram of classes: " + last);
    }
    long fillers =
        histogram
            .lines()
            .map(line -> line.strip().split("\\s+"))
            .filter(row -> row.length >= 4 && row[3].contains(FILLER))
            .mapToLong(row -> Long.parseLong(row[2]))
            .sum();
    return Long.parseLong(words[2]) - fillers;
  }
}
