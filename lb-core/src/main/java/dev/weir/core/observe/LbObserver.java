package dev.weir.core.observe;

import dev.weir.core.backend.Backend;
import dev.weir.core.backend.DetectorState;
import dev.weir.core.backend.Health;
import dev.weir.core.config.AdminState;

/**
 * All events, each with a default that ignores it. Connection and end events are called on the
 * event loop they happen on, the others on the control loop. An observer may not block, and may not
 * throw: what it throws is logged and does not reach traffic.
 */
public interface LbObserver {
  /** Ignores everything. */
  LbObserver NONE = new LbObserver() {};

  /** A client connection was accepted. */
  default void connectionOpened(int loop, String listener) {}

  /** A client connection was refused before anything of it was read; it was never open. */
  default void connectionRefused(int loop, String listener, Cause cause) {}

  /** A connection goes on to its protocol on a listener that reads PROXY headers. */
  default void proxyHeader(int loop, String listener, ProxyHeader header) {}

  /** A client connection is closed. */
  default void connectionClosed(int loop, String listener, Cause cause) {}

  /** A datagram of a UDP listener, or of a backend behind it, was not passed on. */
  default void datagramDropped(int loop, String listener, Drop why) {}

  /** An HTTP exchange has ended: exactly once each. */
  default void exchangeEnded(EndSummary exchange) {}

  /** A TCP or UDP session has ended: exactly once each. */
  default void sessionEnded(EndSummary session) {}

  /** The probes' view changed. */
  default void healthChanged(Backend backend, Health from, Health to, String reason) {}

  /** The detector's view changed. */
  default void detectorChanged(
      Backend backend, DetectorState from, DetectorState to, String reason) {}

  /** The operator's wish changed. */
  default void adminChanged(Backend backend, AdminState from, AdminState to) {}

  /** Somebody in a pool is eligible again, or nobody any more. */
  default void poolTurned(String pool, boolean eligible) {}

  /**
   * A listener has closed its sockets, has opened them again, or cannot.
   *
   * @param reason one sentence; may be empty
   */
  default void listenerTurned(String listener, ListenerState state, String reason) {}

  /** A generation is running. */
  default void applied(long generation, String author, String reason) {}
}
