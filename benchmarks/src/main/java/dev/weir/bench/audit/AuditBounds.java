package dev.weir.bench.audit;

import dev.weir.bench.Options;
import java.util.ArrayList;
import java.util.List;

/**
 * What a run may show at most; -1: any number. Lost requests, crossed answers, wrong bodies and
 * duplicated POSTs are never allowed.
 *
 * @param failed requests that failed
 * @param closed connections that the server closed, announced or not
 * @param unannounced connections that the server closed without having said so
 * @param refused connections refused
 */
public record AuditBounds(int failed, int closed, int unannounced, int refused) {
  /** Reads {@code --max-failed}, {@code --max-closed}, and so on. */
  public static AuditBounds read(Options options) {
    return new AuditBounds(
        options.bound("max-failed"),
        options.bound("max-closed"),
        options.bound("max-unannounced"),
        options.bound("max-refused"));
  }

  /** What is exceeded, one sentence each; nothing when all is well. */
  public List<String> exceeded(AuditReport report, Arrivals arrivals) {
    List<String> all = new ArrayList<>();
    above(all, "failed requests", report.failedInAll(), failed);
    above(all, "connections closed by the server", report.closedByServer(), closed);
    long announced = report.closed().getOrDefault(Ledger.Closed.ANNOUNCED, 0L);
    above(
        all,
        "connections closed without announcement",
        report.closedByServer() - announced,
        unannounced);
    above(all, "connections refused", report.refused(), refused);
    above(all, "corrupted answers", report.corrupted(), 0);
    above(all, "lost requests", report.lost(), 0);
    above(all, "duplicated POSTs", arrivals.duplicatedWrites(), 0);
    above(all, "POSTs answered that never arrived", arrivals.answeredByNobody(), 0);
    if (report.answered() == 0) {
      all.add("nothing was answered");
    }
    return all;
  }

  private static void above(List<String> all, String what, long count, long bound) {
    if (bound >= 0 && count > bound) {
      all.add(count + " " + what + ", at most " + bound + " allowed");
    }
  }
}
