package dev.weir.http;

/**
 * How long a backend keeps a connection that nobody uses, learned from those that it closed: the
 * shortest of the last one to two minutes. Written and read by {@link IdleConnections}.
 *
 * <p>It forgets, because a restart closes connections of every age and says nothing of the time
 * after it; a backend whose limit is short goes on showing it. And it is never below {@link
 * #FLOOR_NANOS}: a backend that closes at once without having announced it would otherwise get a
 * connection for each request that may not be repeated.
 */
final class IdleLimit {
  /** 10 ms. */
  static final long FLOOR_NANOS = 10_000_000L;

  /** What was seen counts for one to two times this: 60 s. */
  static final long MEMORY_NANOS = 60_000_000_000L;

  private static final long UNKNOWN = Long.MAX_VALUE;

  private long since;
  private long shortest = UNKNOWN;
  private long shortestBefore = UNKNOWN;

  IdleLimit(long now) {
    since = now;
  }

  /** The backend has closed a connection that had been idle for so many nanoseconds. */
  void closedAfter(long idle, long now) {
    forget(now);
    shortest = Math.min(shortest, Math.max(idle, FLOOR_NANOS));
  }

  /** In nanoseconds; {@code Long.MAX_VALUE} when nothing is known. */
  long nanos(long now) {
    forget(now);
    return Math.min(shortest, shortestBefore);
  }

  private void forget(long now) {
    long elapsed = now - since;
    if (elapsed >= MEMORY_NANOS) {
      shortestBefore = elapsed < 2 * MEMORY_NANOS ? shortest : UNKNOWN;
      shortest = UNKNOWN;
      since = elapsed < 2 * MEMORY_NANOS ? since + MEMORY_NANOS : now;
    }
  }
}
