package dev.weir.core.net;

import io.netty.channel.Channel;
import io.netty.channel.ChannelInboundHandlerAdapter;

/**
 * A client connection of some protocol: the one handler of its channel, and the entry by which its
 * listener finds it; listed and counted by the listener, see there. Belongs to one event loop.
 */
public abstract class ClientConnection extends ChannelInboundHandlerAdapter {
  static final int NOT_LISTED = -1;

  // Both are the set's, which lists it.
  int slot = NOT_LISTED;
  Channel channel;

  /**
   * Finish what runs, start nothing new, then close. On the event loop; may come more than once.
   */
  public abstract void drain();

  /** Close now, whatever runs. On the event loop. */
  public abstract void abort();
}
