package dev.weir.bench.audit;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;

/**
 * The books of the client against those of the backends.
 *
 * @param arrived requests that reached a backend in full
 * @param duplicatedWrites POSTs that arrived more than once: always a fault
 * @param repeatedReads GETs that arrived more than once, as a second attempt may
 * @param answeredByNobody POSTs that were answered and never arrived: always a fault
 */
public record Arrivals(
    long arrived, long duplicatedWrites, long repeatedReads, long answeredByNobody) {
  /** Set in a recorded id when the request was a POST. */
  static final long WRITE = 1L << 63;

  /** Compares a run with the logs of all its backends. */
  public static Arrivals check(AuditReport report, Collection<Path> logs) throws IOException {
    Map<Long, Integer> times = new HashMap<>();
    long arrived = 0;
    for (Path log : logs) {
      for (long recorded : ArrivalLog.read(log)) {
        long upper = recorded & ~WRITE & 0xffff_ffff_0000_0000L;
        if (upper == report.run()) {
          times.merge(recorded, 1, Integer::sum);
          arrived++;
        }
      }
    }
    long writes = 0;
    long reads = 0;
    for (Map.Entry<Long, Integer> entry : times.entrySet()) {
      if (entry.getValue() > 1) {
        boolean write = (entry.getKey() & WRITE) != 0;
        writes += write ? 1 : 0;
        reads += write ? 0 : 1;
      }
    }
    long unknown = 0;
    for (long id : report.answeredWrites()) {
      unknown += times.containsKey(id | WRITE) ? 0 : 1;
    }
    return new Arrivals(arrived, writes, reads, unknown);
  }

  /** Rows for the table of {@link AuditReport#table}. */
  public String rows() {
    return "| arrived at the backends | "
        + arrived
        + " |\n"
        + "| POSTs duplicated at the backends | "
        + duplicatedWrites
        + " |\n"
        + "| GETs repeated at the backends | "
        + repeatedReads
        + " |\n"
        + "| POSTs answered that never arrived | "
        + answeredByNobody
        + " |\n";
  }
}
