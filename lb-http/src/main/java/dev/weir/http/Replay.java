package dev.weir.http;

import io.netty.buffer.ByteBuf;

/**
 * The part of a request body that has been sent, kept so that another attempt can send it again: at
 * most 64 KiB for an exchange and 16 MiB for an event loop. Beyond that it is incomplete, and the
 * request can not be repeated.
 */
final class Replay {
  static final int MAX_BYTES = 64 * 1024;
  private static final int SMALL = 512;
  static final long MAX_LOOP_BYTES = 16L * 1024 * 1024;

  private final HttpLoop loop;
  private ByteBuf kept;
  private boolean incomplete;

  Replay(HttpLoop loop) {
    this.loop = loop;
  }

  /** Remembers data that is about to be sent. */
  void keep(ByteBuf data) {
    int length = data.readableBytes();
    if (incomplete) {
      return;
    }
    int before = kept == null ? 0 : kept.readableBytes();
    if (before + length > MAX_BYTES || loop.replayBytes() + length > MAX_LOOP_BYTES) {
      sentUnkept();
      return;
    }
    if (kept == null) {
      kept = data.alloc().directBuffer(Math.max(length, SMALL), MAX_BYTES);
    }
    // Copied: a client that sends byte by byte would otherwise hold a read buffer with each.
    kept.writeBytes(data, data.readerIndex(), length);
    loop.addReplayBytes(length);
  }

  /** Something is sent that will not be kept. */
  void sentUnkept() {
    release();
    incomplete = true;
  }

  /** Whether everything that was sent can be sent again. */
  boolean complete() {
    return !incomplete;
  }

  void resend(Exchange exchange) {
    if (kept != null) {
      exchange.writeRequestData(kept.copy());
    }
  }

  void release() {
    if (kept != null) {
      loop.addReplayBytes(-kept.readableBytes());
      kept.release();
      kept = null;
    }
  }
}
