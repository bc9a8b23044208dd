package dev.weir.http;

import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.LinkedHashMap;

/**
 * Open connections of one event loop to one backend that wait for work: such that serve anybody, of
 * which the one used last is used first; and such that have told the backend whose they are, and
 * serve that client only. Used on that loop only.
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

    /** Whose requests alone it may serve; null when it may serve anybody's. */
    ProxiedClient client();

    /** Takes it off the list that it may be on, and closes it. */
    void endIdle();
  }

  private static final long NON_IDEMPOTENT_MAX_IDLE = 100_000_000L;

  /**
   * The loop hears of bytes and ends between one request and the next, but not before each request;
   * so the kernel is asked, except within a time that is no longer than those bytes may be on their
   * way unseen by anybody.
   */
  private static final long UNASKED = 1_000_000L;

  /** Clients are many more than what anybody can use; those who return find theirs. */
  private static final int BOUND_FOR_EACH = 16;

  private final ArrayDeque<C> waiting = new ArrayDeque<>();

  // By identity, which is how clients compare; in the order in which they began to wait.
  private final LinkedHashMap<ProxiedClient, C> bound = new LinkedHashMap<>();
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
   * @param client whose it must be; null when it must be nobody's
   * @param repeatable whether the request may be sent again if the connection turns out to be dead;
   *     if not, only a connection that was used a moment ago will do
   */
  C take(ProxiedClient client, boolean repeatable, long now) {
    for (C last = last(client); last != null; last = last(client)) {
      long idleFor = now - last.idleSince();
      if (!repeatable && idleFor >= Math.min(NON_IDEMPOTENT_MAX_IDLE, limit.nanos(now) / 2)) {
        return null;
      }
      if (client == null) {
        waiting.pollLast();
      } else {
        remove(last);
      }
      if (last.quiet(idleFor >= UNASKED)) {
        return last;
      }
      last.endIdle();
    }
    return null;
  }

  private C last(ProxiedClient client) {
    return client == null ? waiting.peekLast() : bound.get(client);
  }

  /** Keeps a connection; false when it must be closed instead. */
  boolean put(C connection) {
    if (retired) {
      return false;
    }
    if (connection.client() != null) {
      return putBound(connection);
    }
    if (waiting.size() >= max) {
      waiting.peekFirst().endIdle();
    }
    waiting.addLast(connection);
    return true;
  }

  private boolean putBound(C connection) {
    // One that was idle for too long for a request that must not be repeated.
    C older = bound.get(connection.client());
    if (older != null) {
      older.endIdle();
    }
    if (!connection.client().keep(connection)) {
      return false;
    }
    if (bound.size() >= max * BOUND_FOR_EACH) {
      oldestBound().endIdle();
    }
    bound.put(connection.client(), connection);
    return true;
  }

  private C oldestBound() {
    Iterator<C> oldest = bound.values().iterator();
    return oldest.hasNext() ? oldest.next() : null;
  }

  /** A waiting connection was closed by the backend. */
  void lost(C connection, long now) {
    if (remove(connection)) {
      closedAfter(now - connection.idleSince(), now);
    }
  }

  /** The backend has closed a connection that had been idle for so long, used again or not. */
  void closedAfter(long idle, long now) {
    limit.closedAfter(idle, now);
  }

  /** Takes a connection off the list; false when it is not on it. */
  boolean remove(C connection) {
    ProxiedClient client = connection.client();
    if (client == null) {
      return waiting.remove(connection);
    }
    client.left(connection);
    return bound.remove(client, connection);
  }

  /** Closes the one that has waited longest; false when none waits. */
  boolean closeOne() {
    C oldest = waiting.isEmpty() ? oldestBound() : waiting.peekFirst();
    if (oldest != null) {
      oldest.endIdle();
    }
    return oldest != null;
  }

  int size() {
    return waiting.size() + bound.size();
  }

  void retire() {
    retired = true;
    while (closeOne()) {
      // until none is left
    }
  }
}
