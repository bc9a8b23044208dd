package dev.weir.http;

import java.util.ArrayDeque;

/**
 * Open connections of one event loop to one backend that wait for work; the one used last is used
 * first. Used on that loop only.
 */
final class IdleConnections<C extends IdleConnections.Waiting> {
  /** A connection that waits. */
  interface Waiting {
    /** Since when, in monotonic nanoseconds. */
    long idleSince();

    /**
     * Whether the backend has neither sent anything nor ended it.
     *
     * @param ask whether to ask the kernel, which costs a system call, or to tell what is known
     */
    boolean quiet(boolean ask);

    /** Closes it; it is no longer listed. */
    void closeIdle();
  }

  private static final long NON_IDEMPOTENT_MAX_IDLE = 100_000_000L;

  /**
   * The loop hears of bytes and ends between one request and the next, but not before each request;
   * so the kernel is asked, except within a time that is no longer than those bytes may be on their
   * way unseen by anybody.
   */
  private static final long UNASKED = 1_000_000L;

  private final ArrayDeque<C> waiting = new ArrayDeque<>();
  private final int max;
  private final IdleLimit limit;
  private boolean retired;

  IdleConnections(int max, long now) {
    this.max = max;
    limit = new IdleLimit(now);
  }

  /**
   * A connection for a request; null when there is none that will do. One on which the backend has
   * sent something, or that it has ended, is closed instead (RFC 9112 section 9.2).
   *
   * @param repeatable whether the request may be sent again if the connection turns out to be dead;
   *     if not, only a connection that was used a moment ago will do
   */
  C take(boolean repeatable, long now) {
    for (C last = waiting.peekLast(); last != null; last = waiting.peekLast()) {
      long idleFor = now - last.idleSince();
      if (!repeatable && idleFor >= Math.min(NON_IDEMPOTENT_MAX_IDLE, limit.nanos(now) / 2)) {
        return null;
      }
      waiting.pollLast();
      if (last.quiet(idleFor >= UNASKED)) {
        return last;
      }
      last.closeIdle();
    }
    return null;
  }

  /** Keeps a connection; false when it must be closed instead. */
  boolean put(C connection) {
    if (retired) {
      return false;
    }
    if (waiting.size() >= max) {
      waiting.pollFirst().closeIdle();
    }
    waiting.addLast(connection);
    return true;
  }

  /** A waiting connection was closed by the backend. */
  void lost(C connection, long now) {
    if (waiting.remove(connection)) {
      closedAfter(now - connection.idleSince(), now);
    }
  }

  /** The backend has closed a connection that had been idle for so long, used again or not. */
  void closedAfter(long idle, long now) {
    limit.closedAfter(idle, now);
  }

  /** A waiting connection has waited long enough. */
  void remove(C connection) {
    waiting.remove(connection);
  }

  /** Closes the one that has waited longest; false when none waits. */
  boolean closeOne() {
    C oldest = waiting.pollFirst();
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
    for (C connection = waiting.pollLast(); connection != null; connection = waiting.pollLast()) {
      connection.closeIdle();
    }
  }
}
