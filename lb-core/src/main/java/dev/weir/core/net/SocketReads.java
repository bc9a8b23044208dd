package dev.weir.core.net;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.unix.Socket;
import java.io.IOException;
import java.nio.ByteBuffer;

/** Reads of an {@link EpollTcpChannel}, one system call each. */
final class SocketReads {
  private SocketReads() {}

  /**
   * Fills an empty direct buffer.
   *
   * @return how many bytes came; 0 when there are none now, -1 at the end of the stream
   */
  static int one(Socket socket, ByteBuf buffer) throws IOException {
    int read;
    if (buffer.hasMemoryAddress()) {
      read = socket.recvAddress(buffer.memoryAddress(), 0, buffer.capacity());
    } else {
      ByteBuffer plain = buffer.internalNioBuffer(0, buffer.capacity());
      read = socket.recv(plain, plain.position(), plain.limit());
    }
    if (read > 0) {
      buffer.writerIndex(read);
    }
    return read;
  }

  /** Whether there is nothing to read, no end either; if there is, a byte of it is lost. */
  static boolean nothing(Socket socket, ByteBufAllocator allocator) {
    ByteBuf one = allocator.directBuffer(1, 1);
    try {
      return one(socket, one) == 0;
    } catch (IOException failure) {
      return false;
    } finally {
      one.release();
    }
  }
}
