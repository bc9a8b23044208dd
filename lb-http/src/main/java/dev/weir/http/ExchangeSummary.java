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
  private final Exchange exchange;
  final Attempts attempts;
  String route;
  final long startNanos;
  long headNanos = -1;
  long sentAt;
  long answeredAt;
  long endNanos;
  int status;
  Cause cause = Cause.NONE;
  boolean avoidable;
  long bytesIn;
  long bytesOut;

  ExchangeSummary(Exchange exchange, Attempts attempts, long startNanos) {
    this.exchange = exchange;
    loop = exchange.loop.context.index();
    listener = exchange.handler.listener();
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
  public String route() {
    return route;
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

  @Override
  public long phase(Phase phase) {
    return switch (phase) {
      case HEAD -> headNanos;
      case QUEUE -> attempts.queueNanos();
      case CONNECT -> attempts.connectNanos();
      case RESPONSE -> sentAt == 0 || answeredAt == 0 ? -1 : answeredAt - sentAt;
    };
  }

  @Override
  public int copy(Text text, byte[] into) {
    Head head = exchange.request;
    return switch (text) {
      case CLIENT -> copy(exchange.origin.text(), into);
      case METHOD -> copy(head, head.methodStart, head.methodEnd, into);
      case HOST ->
          head.authorityStart >= 0
              ? copy(head, head.authorityStart, head.authorityEnd, into)
              : copy(head, head.host, into);
      case TARGET -> copy(head, head.targetStart, head.targetEnd, into);
      case SNI, ALPN -> -1;
      case REQUEST_ID -> requestId(head, into);
      case REFERER -> copy(head, head.find(Name.REFERER), into);
      case USER_AGENT -> copy(head, head.find(Name.USER_AGENT), into);
    };
  }

  private int requestId(Head head, byte[] into) {
    int given = head.find(Name.X_REQUEST_ID);
    return given >= 0 && exchange.origin.trusted()
        ? copy(head, given, into)
        : exchange.id().copy(into, exchange.loop.writer);
  }

  private static int copy(byte[] text, byte[] into) {
    int length = Math.min(text.length, into.length);
    System.arraycopy(text, 0, into, 0, length);
    return length;
  }

  private static int copy(Head head, int field, byte[] into) {
    return field < 0 ? -1 : copy(head, head.valueStart(field), head.valueEnd(field), into);
  }

  private static int copy(Head head, int from, int to, byte[] into) {
    int length = Math.min(to - from, into.length);
    if (length <= 0) {
      return -1;
    }
    System.arraycopy(head.bytes, from, into, 0, length);
    return length;
  }
}
