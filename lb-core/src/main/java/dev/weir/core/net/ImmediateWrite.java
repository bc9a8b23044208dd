package dev.weir.core.net;

import io.netty.buffer.ByteBuf;

/**
 * A channel that can be written without its pipeline and its queue, which cost as much as all else
 * that a proxy does for a small message. For channels only whose handlers leave what is written as
 * it is. Used on the channel's event loop.
 */
public interface ImmediateWrite {
  /**
   * Gives the socket as much of the buffer as it takes, unless anything written before is still
   * waiting. What was taken is no longer readable; the buffer stays the caller's. What is left, for
   * whatever reason, is to be written as usual, which also reports what is wrong with the
   * connection.
   *
   * @return whether all of it was taken
   */
  boolean writeNow(ByteBuf data);

  /** The same with two buffers, in one system call. */
  boolean writeNow(ByteBuf first, ByteBuf second);
}
