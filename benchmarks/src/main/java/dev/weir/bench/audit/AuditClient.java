package dev.weir.bench.audit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;

/**
 * Sends requests with unique ids over keep-alive connections and audits every answer. No request is
 * ever repeated and no connection silently replaced. One thread; the run ends by itself after the
 * planned time and at most one time-out more.
 */
public final class AuditClient {
  private static final long CHECK_NANOS = 20_000_000;

  private final AuditPlan plan;
  private final SplittableRandom random;
  private final Ledger ledger;
  private final List<AuditConnection> connections = new ArrayList<>();
  private final long gapNanos;
  private volatile boolean stopped;
  private Selector selector;
  private long startNanos;
  private long due;
  private long checked;
  private int turn;

  /**
   * A client for one run.
   *
   * @param run number of the run, above 0: ids of different runs differ
   */
  public AuditClient(AuditPlan plan, int run) {
    this.plan = plan;
    random = new SplittableRandom(run);
    ledger = new Ledger(run);
    gapNanos = plan.rate() == 0 ? 0 : 1_000_000_000L / plan.rate();
  }

  /** Runs on a thread of its own. */
  public CompletableFuture<AuditReport> start() {
    CompletableFuture<AuditReport> report = new CompletableFuture<>();
    Thread thread =
        new Thread(
            () -> {
              try {
                report.complete(run());
              } catch (RuntimeException failure) {
                report.completeExceptionally(failure);
              }
            },
            "audit-client");
    thread.setDaemon(true);
    thread.start();
    return report;
  }

  /** Sends nothing more; the run ends when what is out has come back. Any thread. */
  public void stop() {
    stopped = true;
  }

  /** The whole run, on this thread. */
  public AuditReport run() {
    try (Selector opened = Selector.open()) {
      selector = opened;
      for (int i = 0; i < plan.connections(); i++) {
        connections.add(new AuditConnection(plan.port(), selector, ledger));
      }
      startNanos = System.nanoTime();
      due = startNanos;
      loop();
      connections.forEach(AuditConnection::end);
      return ledger.report((System.nanoTime() - startNanos) / 1e9);
    } catch (IOException failure) {
      throw new UncheckedIOException("audit client", failure);
    }
  }

  private void loop() throws IOException {
    long until = startNanos + plan.seconds() * 1_000_000_000L;
    while (true) {
      long now = System.nanoTime();
      boolean sending = now < until && !stopped;
      if (!sending && connections.stream().noneMatch(AuditConnection::busy)) {
        return;
      }
      if (now - checked > CHECK_NANOS) {
        checked = now;
        check(now, sending);
      }
      if (sending) {
        send(now);
      }
      selector.select(waitMillis(sending));
      Iterator<SelectionKey> keys = selector.selectedKeys().iterator();
      while (keys.hasNext()) {
        AuditConnection connection = (AuditConnection) keys.next().attachment();
        keys.remove();
        if (!connection.ended()) {
          connection.ready();
        }
      }
    }
  }

  /** Open loop: until the next request is due, in whole milliseconds; at least 1. */
  private long waitMillis(boolean sending) {
    if (!sending || gapNanos == 0) {
      return 5;
    }
    return Math.max(1, Math.min(5, (due - System.nanoTime()) / 1_000_000));
  }

  private void check(long now, boolean sending) throws IOException {
    for (int i = 0; i < connections.size(); i++) {
      AuditConnection connection = connections.get(i);
      if (connection.busy() && now - connection.sentNanos() > plan.timeoutMillis() * 1_000_000L) {
        connection.timedOut();
      }
      if (connection.ended() && sending && plan.reopen()) {
        connections.set(i, new AuditConnection(plan.port(), selector, ledger));
      }
    }
  }

  private void send(long now) {
    for (int tried = 0; tried < connections.size(); tried++) {
      if (gapNanos > 0 && due > now) {
        return;
      }
      turn = (turn + 1) % connections.size();
      AuditConnection connection = connections.get(turn);
      if (connection.idle()) {
        boolean post = random.nextInt(100) < plan.postPercent();
        connection.send(post, 1 + random.nextInt(plan.maxBytes()), gapNanos > 0 ? due : now);
        due += gapNanos;
      }
    }
  }
}
