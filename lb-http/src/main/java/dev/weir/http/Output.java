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
  private ByteBuf large;
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
    boolean follows = open != null && large == null && length <= open.writableBytes();
    if (length <= SMALL || (follows && length <= COPY_UP_TO)) {
      room(length);
      open.writeBytes(data);
      data.release();
      return;
    }
    if (dirty || large != null) {
      seal();
    }
    large = data;
  }

  private void room(int bytes) {
    if (large != null || (open != null && open.writableBytes() < bytes)) {
      seal();
    }
    if (open == null) {
      open = SpareBuffers.get().take(channel.alloc(), bytes);
    }
  }

  /** Hands what was gathered to the channel, to be flushed. */
  private void seal() {
    ByteBuf first = open;
    ByteBuf second = large;
    open = null;
    large = null;
    dirty |= first != null || second != null;
    if (first != null) {
      channel.write(first, channel.voidPromise());
    }
    if (second != null) {
      channel.write(second, channel.voidPromise());
    }
  }

  /** Sends what was written. */
  void flush() {
    if (!dirty && immediate != null && (open != null || large != null)) {
      writeNow();
    }
    seal();
    if (dirty) {
      dirty = false;
      channel.flush();
    }
  }

  /** Mostly the socket takes all there is, and the buffer is free for whoever is next. */
  private void writeNow() {
    boolean all;
    if (large == null) {
      all = immediate.writeNow(open);
    } else if (open == null) {
      all = immediate.writeNow(large);
    } else {
      all = immediate.writeNow(open, large);
    }
    if (all || (open != null && !open.isReadable())) {
      giveBackOpen();
    }
    if (all && large != null) {
      large.release();
      large = null;
    }
  }

  private void giveBackOpen() {
    if (open != null) {
      SpareBuffers.get().giveBack(open);
      open = null;
    }
  }

  /** Throws away what was gathered and not yet handed to the channel. */
  void discard() {
    giveBackOpen();
    if (large != null) {
      large.release();
      large = null;
    }
  }
}
