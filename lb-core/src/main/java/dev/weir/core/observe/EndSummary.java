package dev.weir.core.observe;

import dev.weir.core.backend.Backend;

/**
 * What is known at the end of one exchange or session. Valid during the call that hands it out;
 * whoever wants to keep something copies it. Times are {@link dev.weir.core.control.Ticker}
 * nanoseconds.
 */
public interface EndSummary {
  /** Index of the event loop it ran on. */
  int loop();

  /** The listener's name. */
  String listener();

  /** The pool's name; null when none was chosen. */
  String pool();

  /** The backend of the last attempt; null when there was none. */
  Backend backend();

  /** Attempts made, from 0. */
  int attempts();

  /** HTTP: the status sent to the client, 0 when none was; TCP: 0. */
  int status();

  /** Why it ended, a closed set: see {@link Cause}. */
  Cause cause();

  /** Whether it failed although another attempt would have been allowed and somebody was there. */
  default boolean avoidable() {
    return false;
  }

  /** Bytes from the client. */
  long bytesIn();

  /** Bytes to the client. */
  long bytesOut();

  /** When the first byte of it was there. */
  long startNanos();

  /** When it ended. */
  long endNanos();
}
