package dev.weir.http;

import dev.weir.core.net.ImmediateWrite;
import dev.weir.core.net.SpareBuffers;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;

/**
 * What is written to one connection: small pieces are gathered in one buffer, so that a head, a
 * chunk header and a small body leave in one system call; large ones pass by reference. Belongs to
 * the connection's event loop.
 */
final class Output {
  private static final int COPY_UP_TO = 8 * 1024;
  private static final int SMALL = 512;

  private final Channel channel;
  private final ImmediateWrite immediate;
  private ByteBuf open;
  private boolean dirty;

  Output(Channel channel) {
    this.channel = channel;
    immediate = channel instanceof ImmediateWrite able ? able : null;
  }

  /** Writes a head, leaving room behind it for this many bytes of body, unless they are many. */
  void head(HeadWriter head, int room) {
    room(head.length() + (room <= COPY_UP_TO ? room : 0));
    open.writeBytes(head.array(), 0, head.length());
  }

  void bytes(byte[] bytes) {
    room(bytes.length);
    open.writeBytes(bytes);
  }

  /** Writes a buffer, which is released. */
  void data(ByteBuf data) {
    int length = data.readableBytes();
    boolean fits = open != null && length <= COPY_UP_TO && length <= open.writableBytes();
    if (fits || length <= SMALL) {
      room(length);
      open.writeBytes(data);
      data.release();
      return;
    }
    seal();
    dirty = true;
    channel.write(data, channel.voidPromise());
  }

  private void room(int bytes) {
    if (open != null && open.writableBytes() < bytes) {
      seal();
    }
    if (open == null) {
      open = SpareBuffers.get().take(channel.alloc(), bytes);
    }
  }

  private void seal() {
    if (open != null) {
      ByteBuf full = open;
      open = null;
      dirty = true;
      channel.write(full, channel.voidPromise());
    }
  }

  /** Sends what was written. */
  void flush() {
    if (open != null && !dirty) {
      // All there is: written at once, mostly, and its buffer is free again.
      ByteBuf only = open;
      open = null;
      if (immediate == null || !immediate.writeNow(only)) {
        channel.writeAndFlush(only.retain(), channel.voidPromise());
      }
      SpareBuffers.get().giveBack(only);
      return;
    }
    seal();
    if (dirty) {
      dirty = false;
      channel.flush();
    }
  }

  /** Throws away what was gathered and not yet handed to the channel. */
  void discard() {
    if (open != null) {
      open.release();
      open = null;
    }
  }
}
