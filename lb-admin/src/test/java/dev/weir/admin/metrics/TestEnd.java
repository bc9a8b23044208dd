package dev.weir.admin.metrics;

import dev.weir.core.backend.Backend;
import dev.weir.core.observe.Cause;
import dev.weir.core.observe.EndSummary;

/** An end as a test wants it. */
record TestEnd(
    int loop,
    String listener,
    String pool,
    Backend backend,
    int attempts,
    int status,
    Cause cause,
    long bytesIn,
    long bytesOut,
    long startNanos,
    long endNanos,
    boolean avoidable)
    implements EndSummary {
  static final By BY = By.BACKEND_RESET;
  static final long CONNECT = 70_000;

  @Override
  public By endedBy() {
    return BY;
  }

  @Override
  public long phase(Phase phase) {
    return phase == Phase.CONNECT ? CONNECT : -1;
  }

  static TestEnd http(int loop, int status, long nanos) {
    return new TestEnd(
        loop, "web", "app", null, 1, status, Cause.NONE, 10, 20, 1000, 1000 + nanos, false);
  }

  static TestEnd avoidable(int loop) {
    return new TestEnd(loop, "web", "app", null, 1, 502, Cause.BACKEND_RESET, 0, 0, 1, 2, true);
  }

  TestEnd attempts(int count) {
    return new TestEnd(
        loop,
        listener,
        pool,
        backend,
        count,
        status,
        cause,
        bytesIn,
        bytesOut,
        startNanos,
        endNanos,
        avoidable);
  }

  TestEnd nowhere(Cause why) {
    return new TestEnd(
        loop,
        listener,
        null,
        null,
        0,
        status,
        why,
        bytesIn,
        bytesOut,
        startNanos,
        endNanos,
        avoidable);
  }
}
