package dev.weir.bench.proc;

import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The objects of a JVM that are reachable, as {@code jcmd} counts them. */
public final class LiveHeap {
  /** Of {@code jdk.internal.vm.FillerArray} and {@code FillerElement[]}. */
  public static final String FILLER = "jdk.internal.vm.Filler";

  private static final Pattern LITERALS =
      Pattern.compile("Number of literals\\s*:\\s*\\d+\\s*=\\s*(\\d+) bytes");

  private LiveHeap() {}

  /**
   * What the JVM itself keeps of the code in the heap: string constants, which come as code is
   * compiled, and the objects of classes and method handles. It grows for hours as less and less
   * usual code is run, and is bounded by the code.
   *
   * @param java of the JDK that runs the process
   * @param histogram of the same moment
   */
  public static long ofCode(Path java, long pid, String histogram) {
    String jcmd = java.resolveSibling("jcmd").toString();
    return literals(Tools.output(List.of(jcmd, String.valueOf(pid), "VM.stringtable")))
        + handles(histogram);
  }

  /** {@code Number of literals : 27683 = 1916200 bytes, avg 69.000}: with their arrays. */
  static long literals(String table) {
    Matcher found = LITERALS.matcher(table);
    if (!found.find()) {
      throw new IllegalStateException("not a table of strings: " + table);
    }
    return Long.parseLong(found.group(1));
  }

  static long handles(String histogram) {
    return histogram
        .lines()
        .map(line -> line.strip().split("\\s+"))
        .filter(row -> row.length >= 4 && ofCode(row[3]))
        .mapToLong(row -> Long.parseLong(row[2]))
        .sum();
  }

  private static boolean ofCode(String name) {
    return name.equals("java.lang.Class")
        || name.startsWith("java.lang.invoke.")
        || name.startsWith("[Ljava.lang.invoke.");
  }

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
