package dev.weir.bench.audit;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.HdrHistogram.Histogram;

/**
 * The books of one run: what was sent, what came back, what was closed. Any thread writes; read as
 * an {@link AuditReport} when nothing is out any more.
 */
public final class Ledger {
  private static final int MAX_FAILURES = 10_000;
  private static final int MAX_BACKENDS = 64;

  private final long run;
  private final Map<Closed, Long> closed = new EnumMap<>(Closed.class);
  private final Map<Failure.Kind, Long> failed = new EnumMap<>(Failure.Kind.class);
  private final List<Failure> failures = new ArrayList<>();
  private final Map<String, Long> byBackend = new TreeMap<>();
  private final Histogram latency = new Histogram(60_000_000, 3);
  private final List<Long> answeredWrites = new ArrayList<>();
  private long sent;
  private long answered;
  private long opened;
  private long refused;

  /** How a connection ended. */
  enum Closed {
    /** By the server, which had said so in its last answer. */
    ANNOUNCED,
    /** By the server between two requests, without a word. */
    IDLE,
    /** By the server while a request was out. */
    IN_FLIGHT,
    /** By the client, after a time-out or a broken answer. */
    BY_CLIENT
  }

  /**
   * Empty books.
   *
   * @param run the upper half of every id of this run, above 0
   */
  public Ledger(int run) {
    this.run = (long) run << 32;
  }

  /** The id of a new request. */
  public synchronized long send() {
    return run | ++sent;
  }

  synchronized void answered(long id, boolean write, String backend, long micros) {
    answered++;
    latency.recordValue(Math.min(micros, latency.getHighestTrackableValue()));
    if (byBackend.size() < MAX_BACKENDS || byBackend.containsKey(backend)) {
      byBackend.merge(backend, 1L, Long::sum);
    }
    if (write) {
      answeredWrites.add(id);
    }
  }

  synchronized void failed(Failure failure) {
    failed.merge(failure.kind(), 1L, Long::sum);
    if (failures.size() < MAX_FAILURES) {
      failures.add(failure);
    }
  }

  synchronized void opened() {
    opened++;
  }

  synchronized void refused() {
    refused++;
  }

  synchronized void closed(Closed how) {
    closed.merge(how, 1L, Long::sum);
  }

  synchronized long sent() {
    return sent;
  }

  /**
   * Closes the books.
   *
   * @param seconds that the run took
   */
  public synchronized AuditReport report(double seconds) {
    return new AuditReport(
        run,
        seconds,
        sent,
        answered,
        opened,
        refused,
        Map.copyOf(closed),
        Map.copyOf(failed),
        List.copyOf(failures),
        new TreeMap<>(byBackend),
        latency.copy(),
        List.copyOf(answeredWrites));
  }
}
