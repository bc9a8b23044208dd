package dev.weir.http;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;

/**
 * Bytes of a connection that have come and wait to be taken. While more wait than may, the
 * connection is not read. Belongs to the connection's event loop.
 */
final class Inbox {
  private final Channel channel;
  private final int max;
  private ByteBuf waiting;

  /** {@code max}: bytes that may wait. */
  Inbox(Channel channel, int max) {
    this.channel = channel;
    this.max = max;
  }

  /** More has come; the buffer is taken over. */
  void add(ByteBuf in) {
    if (waiting == null) {
      waiting = in;
      return;
    }
    ByteBuf both = channel.alloc().directBuffer(waiting.readableBytes() + in.readableBytes());
    both.writeBytes(waiting).writeBytes(in);
    waiting.release();
    in.release();
    waiting = both;
  }

  /** What waits, to be taken from; null when nothing does, and then the connection is read on. */
  ByteBuf peek() {
    if (waiting != null && !waiting.isReadable()) {
      discard();
      readOn();
    }
    return waiting;
  }

  boolean isEmpty() {
    return waiting == null;
  }

  /** Reads no more for now if too much waits. */
  void hold() {
    if (waiting != null && waiting.readableBytes() > max) {
      channel.config().setAutoRead(false);
    }
  }

  void readOn() {
    if (channel.isOpen() && !channel.config().isAutoRead()) {
      channel.config().setAutoRead(true);
    }
  }

  void discard() {
    if (waiting != null) {
      waiting.release();
      waiting = null;
    }
  }
}
