package dev.weir.http;

import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.List;

/**
 * The part of a request body that has been sent, kept so that another attempt can send it again: at
 * most 64 KiB for an exchange and 16 MiB for an event loop. Beyond that it is incomplete, and the
 * request can not be repeated.
 */
final class Replay {
  private static final int MAX_BYTES = 64 * 1024;
  private static final long MAX_LOOP_BYTES = 16L * 1024 * 1024;

  private final HttpLoop loop;
  private List<ByteBuf> kept;
  private int bytes;
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
    if (bytes + length > MAX_BYTES || loop.replayBytes() + length > MAX_LOOP_BYTES) {
      sentUnkept();
      return;
    }
    if (kept == null) {
      kept = new ArrayList<>(2);
    }
    kept.add(data.retainedDuplicate());
    bytes += length;
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
      for (ByteBuf part : kept) {
        exchange.writeRequestData(part.retainedDuplicate());
      }
    }
  }

  void release() {
    if (kept != null) {
      kept.forEach(ByteBuf::release);
      kept = null;
      loop.addReplayBytes(-bytes);
      bytes = 0;
    }
  }
}
