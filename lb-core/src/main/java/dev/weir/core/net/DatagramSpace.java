package dev.weir.core.net;

import java.nio.ByteBuffer;

/**
 * Where an event loop receives datagrams: one place for all its sockets, since each datagram is
 * passed on, or copied, before the next is received. Made when the first is needed.
 */
final class DatagramSpace {
  /** More than any datagram holds (RFC 768: 65,527 bytes over IPv6), so that none is cut off. */
  static final int BYTES = 64 * 1024;

  private ByteBuffer received;
  private ByteBuffer copy;

  /** Empty, and as large as any datagram. */
  ByteBuffer received() {
    if (received == null) {
      received = ByteBuffer.allocateDirect(BYTES);
    }
    return received.clear();
  }

  /** The same bytes where the kernel can be told to find them; valid until the next call. */
  ByteBuffer direct(ByteBuffer data) {
    if (data.isDirect()) {
      return data;
    }
    if (copy == null) {
      copy = ByteBuffer.allocateDirect(BYTES);
    }
    return copy.clear().put(data.duplicate()).flip();
  }
}
