package dev.weir.http;

import dev.weir.core.backend.Backend;
import dev.weir.core.observe.Cause;
import dev.weir.core.observe.EndSummary;

/**
 * What is known of an exchange at its end; written by the {@link Exchange} on its way, read by
 * observers when it ends.
 */
final class ExchangeSummary implements EndSummary {
  final int loop;
  final String listener;
  final Attempts attempts;
  final long startNanos;
  long endNanos;
  int status;
  Cause cause = Cause.NONE;
  boolean avoidable;
  long bytesIn;
  long bytesOut;

  ExchangeSummary(int loop, String listener, Attempts attempts, long startNanos) {
    this.loop = loop;
    this.listener = listener;
    this.attempts = attempts;
    this.startNanos = startNanos;
  }

  @Override
  public int loop() {
    return loop;
  }

  @Override
  public String listener() {
    return listener;
  }

  @Override
  public String pool() {
    return attempts.pool() == null ? null : attempts.pool().name();
  }

  @Override
  public Backend backend() {
    return attempts.backend();
  }

  @Override
  public int attempts() {
    return attempts.made();
  }

  @Override
  public int status() {
    return status;
  }

  @Override
  public Cause cause() {
    return cause;
  }

  @Override
  public boolean avoidable() {
    return avoidable;
  }

  @Override
  public long bytesIn() {
    return bytesIn;
  }

  @Override
  public long bytesOut() {
    return bytesOut;
  }

  @Override
  public long startNanos() {
    return startNanos;
  }

  @Override
  public long endNanos() {
    return endNanos;
  }
}
