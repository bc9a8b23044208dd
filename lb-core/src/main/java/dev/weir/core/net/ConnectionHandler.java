package dev.weir.core.net;

import dev.weir.core.observe.Cause;
import io.netty.channel.Channel;

/**
 * What a listener does with a new connection: a protocol with its routes. Immutable; replaced as a
 * whole when the configuration changes.
 */
@FunctionalInterface
public non-sealed interface ConnectionHandler extends ListenerHandler {
  /**
   * Adds the protocol's one handler, a {@link ClientConnection}, to the channel's pipeline. Called
   * on the channel's event loop before the channel is registered, or by a {@link ProxyEntry} later.
   */
  void accept(Channel child, LoopContext loop, Listener listener);

  /** How many connections the listener takes. */
  default ConnectionLimits limits() {
    return ConnectionLimits.NONE;
  }

  /**
   * A connection was refused before anything of it was read. On the event loop of the socket.
   *
   * @param why {@link Cause#LISTENER_LIMIT} or {@link Cause#CLIENT_LIMIT}
   */
  default void refused(LoopContext loop, Cause why) {}
}
