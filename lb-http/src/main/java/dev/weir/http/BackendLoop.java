package dev.weir.http;

/**
 * What one event loop keeps for one backend: idle connections, and the exchanges that wait for its
 * answer and may be sent elsewhere. Used on that loop only.
 */
final class BackendLoop {
  private final IdleConnections<Upstream> idle;
  private Attempts first;

  BackendLoop(IdleConnections<Upstream> idle) {
    this.idle = idle;
  }

  IdleConnections<Upstream> idle() {
    return idle;
  }

  void waits(Attempts attempts) {
    attempts.previousWaiting = null;
    attempts.nextWaiting = first;
    if (first != null) {
      first.previousWaiting = attempts;
    }
    first = attempts;
  }

  void settled(Attempts attempts) {
    if (attempts.previousWaiting != null) {
      attempts.previousWaiting.nextWaiting = attempts.nextWaiting;
    } else {
      first = attempts.nextWaiting;
    }
    if (attempts.nextWaiting != null) {
      attempts.nextWaiting.previousWaiting = attempts.previousWaiting;
    }
    attempts.nextWaiting = null;
    attempts.previousWaiting = null;
  }

  /** Takes up to this many away from the backend; true when there may be more. */
  boolean rescue(int most) {
    Attempts at = first;
    for (int i = 0; i < most && at != null; i++) {
      Attempts next = at.nextWaiting;
      at.rescue();
      at = next;
    }
    return at != null;
  }
}
