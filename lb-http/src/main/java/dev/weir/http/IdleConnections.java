package dev.weir.http;

import java.util.ArrayDeque;

/**
 * Open connections of one event loop to one backend that wait for work; the one used last is used
 * first. What has been learned of the backend's own idle limit shortens how long they wait.
 */
final class IdleConnections {
  private static final long NON_IDEMPOTENT_MAX_IDLE = 100_000_000L;

  private final ArrayDeque<Upstream> waiting = new ArrayDeque<>();
  private final int max;
  private long learnedLimit = Long.MAX_VALUE;
  private boolean retired;

  IdleConnections(int max) {
    this.max = max;
  }

  /**
   * A connection for a request; null when there is none that will do.
   *
   * @param repeatable whether the request may be sent again if the connection turns out to be dead;
   *     if not, only a connection that was used a moment ago will do
   */
  Upstream take(boolean repeatable, long now) {
    Upstream last = waiting.peekLast();
    if (last == null) {
      return null;
    }
    long idleFor = now - last.idleSince();
    if (!repeatable && idleFor >= Math.min(NON_IDEMPOTENT_MAX_IDLE, learnedLimit / 2)) {
      return null;
    }
    waiting.pollLast();
    return last;
  }

  /** Keeps a connection; false when it must be closed instead. */
  boolean put(Upstream connection) {
    if (retired) {
      return false;
    }
    if (waiting.size() >= max) {
      Upstream oldest = waiting.pollFirst();
      oldest.closeIdle();
    }
    waiting.addLast(connection);
    return true;
  }

  /** A waiting connection was closed by the backend. */
  void lost(Upstream connection, long idleFor) {
    if (waiting.remove(connection)) {
      learnedLimit = Math.min(learnedLimit, Math.max(idleFor, 1));
    }
  }

  /** A waiting connection has waited long enough. */
  void remove(Upstream connection) {
    waiting.remove(connection);
  }

  /** Closes the one that has waited longest; false when none waits. */
  boolean closeOne() {
    Upstream oldest = waiting.pollFirst();
    if (oldest != null) {
      oldest.closeIdle();
    }
    return oldest != null;
  }

  int size() {
    return waiting.size();
  }

  void retire() {
    retired = true;
    for (Upstream connection = waiting.pollLast();
        connection != null;
        connection = waiting.pollLast()) {
      connection.closeIdle();
    }
  }
}
