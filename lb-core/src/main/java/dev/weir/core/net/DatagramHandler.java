package dev.weir.core.net;

import dev.weir.core.observe.Cause;
import dev.weir.core.observe.Drop;
import java.net.InetSocketAddress;

/** What a listener does with datagrams of clients that have no session yet. */
@FunctionalInterface
public non-sealed interface DatagramHandler extends ListenerHandler {
  /**
   * A session for a client, to which its first datagram is handed next. On the port's event loop.
   */
  DatagramSession begin(DatagramPort port, InetSocketAddress client);

  /** How many sessions the listener takes. */
  default ConnectionLimits limits() {
    return ConnectionLimits.NONE;
  }

  /**
   * A session was not begun.
   *
   * @param why {@link Cause#LISTENER_LIMIT}, {@link Cause#CLIENT_LIMIT} or {@link
   *     Cause#LOCAL_LIMIT}
   */
  default void refused(LoopContext loop, Cause why) {}

  /** A datagram was not passed on. On the event loop it came to. */
  default void dropped(LoopContext loop, Drop why) {}
}
