package dev.weir.core.net;

import io.netty.channel.Channel;

/**
 * What a listener does with a new connection: a protocol with its routes. Immutable; replaced as a
 * whole when the configuration changes.
 */
@FunctionalInterface
public interface ConnectionHandler {
  /**
   * Adds the protocol's one handler, a {@link ClientConnection}, to the channel's pipeline. Called
   * on the channel's event loop before the channel is registered. To refuse the connection, close
   * it with {@code child.unsafe().closeForcibly()} instead.
   */
  void accept(Channel child, LoopContext loop, Listener listener);
}
