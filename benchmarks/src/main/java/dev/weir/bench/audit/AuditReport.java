package dev.weir.bench.audit;

import dev.weir.bench.audit.Ledger.Closed;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.HdrHistogram.Histogram;

/**
 * The closed books of one run.
 *
 * @param run the upper half of its ids
 * @param seconds from the first request to the last answer
 * @param sent requests sent
 * @param answered requests with status 200, the right id and the right body
 * @param opened connections opened, the first ones included
 * @param refused connections that could not be opened
 * @param closed connections by how they ended; those open at the end are in none
 * @param failed requests by how they failed
 * @param failures the first 10,000 of them
 * @param byBackend answered requests by backend
 * @param latency of answered requests, in microseconds
 * @param answeredWrites ids of answered POSTs
 */
public record AuditReport(
    long run,
    double seconds,
    long sent,
    long answered,
    long opened,
    long refused,
    Map<Closed, Long> closed,
    Map<Failure.Kind, Long> failed,
    List<Failure> failures,
    Map<String, Long> byBackend,
    Histogram latency,
    List<Long> answeredWrites) {

  /** Requests that failed in any way. */
  public long failedInAll() {
    return failed.values().stream().mapToLong(Long::longValue).sum();
  }

  /** Failures that are never right. */
  public long corrupted() {
    return failed.entrySet().stream()
        .filter(entry -> entry.getKey().corruption())
        .mapToLong(Map.Entry::getValue)
        .sum();
  }

  /** Requests that neither were answered nor failed: the books do not balance unless it is 0. */
  public long lost() {
    return sent - answered - failedInAll();
  }

  /** Connections that the server closed, announced or not. */
  public long closedByServer() {
    return count(Closed.ANNOUNCED) + count(Closed.IDLE) + count(Closed.IN_FLIGHT);
  }

  private long count(Closed how) {
    return closed.getOrDefault(how, 0L);
  }

  /** A Markdown table of everything that was counted. */
  public String table() {
    StringBuilder text = new StringBuilder("| counted | |\n|---|---|\n");
    row(text, "requests sent", sent);
    row(text, "answered: 200, own id, own body", answered);
    failed.forEach((kind, count) -> row(text, "failed: " + kind.text(), count));
    row(text, "lost (neither answered nor failed)", lost());
    row(text, "connections opened", opened);
    row(text, "connections refused", refused);
    row(text, "closed by the server, announced", count(Closed.ANNOUNCED));
    row(text, "closed by the server between requests", count(Closed.IDLE));
    row(text, "closed by the server with a request out", count(Closed.IN_FLIGHT));
    row(text, "closed by the client after a failure", count(Closed.BY_CLIENT));
    byBackend.forEach((name, count) -> row(text, "answered by " + name, count));
    text.append(
        String.format(
            Locale.ROOT,
            "| latency us: p50, p99, p99.9, max | %d, %d, %d, %d |%n",
            latency.getValueAtPercentile(50),
            latency.getValueAtPercentile(99),
            latency.getValueAtPercentile(99.9),
            latency.getMaxValue()));
    text.append(String.format(Locale.ROOT, "| requests per second | %.0f |%n", sent / seconds));
    return text.toString();
  }

  private static void row(StringBuilder text, String name, long count) {
    text.append("| ").append(name).append(" | ").append(count).append(" |\n");
  }
}
