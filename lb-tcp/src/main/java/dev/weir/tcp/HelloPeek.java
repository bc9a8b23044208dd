package dev.weir.tcp;

import dev.weir.core.net.ClientHello;
import dev.weir.core.net.HelloReader;
import dev.weir.core.net.HelloReader.Progress;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;

/**
 * What a client has sent until its route is known: looked at, and kept for the backend as it is.
 * Made by a {@link TcpSession}, for which the route depends on it; belongs to its event loop.
 */
final class HelloPeek {
  private final HelloReader reader;
  private ByteBuf kept;
  private boolean own;

  HelloPeek(int limit) {
    reader = new HelloReader(limit);
  }

  /** Looks at more, and keeps it. */
  Progress take(ByteBuf more, ByteBufAllocator allocator) {
    Progress progress = reader.look(more);
    if (kept == null) {
      kept = more;
      return progress;
    }
    // Each buffer that was read has room for much, and may hold a single byte.
    if (!own) {
      ByteBuf first = kept;
      kept = allocator.directBuffer(first.readableBytes() + more.readableBytes());
      kept.writeBytes(first);
      first.release();
      own = true;
    }
    kept.writeBytes(more);
    more.release();
    return progress;
  }

  /** Null unless it was whole. */
  ClientHello hello() {
    return reader.hello();
  }

  /** Gives all that came, in order; it is the caller's then. Null when nothing has come. */
  ByteBuf giveUp() {
    ByteBuf all = kept;
    kept = null;
    return all;
  }
}
