package dev.weir.http;

import dev.weir.core.observe.Cause;

/**
 * What the client is told when no backend has answered (RFC 9110 sections 15.6.3 to 15.6.5).
 *
 * @param text for people, without names of ours
 */
record Refusal(int status, Cause cause, String text) {
  private static final Refusal NOBODY =
      new Refusal(503, Cause.NO_BACKEND, "no backend is available");
  private static final Refusal NOBODY_ACCEPTS =
      new Refusal(503, Cause.CONNECT_FAILED, "no backend accepts connections");

  /** As many connections failed as may be tried. */
  static final Refusal CONNECT_GIVEN_UP =
      new Refusal(502, Cause.CONNECT_FAILED, "no backend that was tried accepts connections");

  /** A request was sent, and the attempt failed. */
  static Refusal broken(Cause why) {
    return why == Cause.BACKEND_TIMEOUT
        ? new Refusal(504, why, "the backend did not answer in time")
        : new Refusal(502, why, "the backend broke off or answered nonsense");
  }

  /** There is nobody (else) to try, after what failed so far. */
  static Refusal nobody(Cause soFar) {
    return switch (soFar) {
      case NONE -> NOBODY;
      case CONNECT_FAILED -> NOBODY_ACCEPTS;
      default -> broken(soFar);
    };
  }
}
