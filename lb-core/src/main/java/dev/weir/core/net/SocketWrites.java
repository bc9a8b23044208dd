package dev.weir.core.net;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.unix.IovArray;
import io.netty.channel.unix.Socket;
import io.netty.channel.unix.UnixChannelUtil;
import io.netty.util.concurrent.FastThreadLocal;
import java.io.IOException;
import java.nio.ByteBuffer;

/** Writes of an {@link EpollTcpChannel}, one system call each. */
final class SocketWrites {
  private static final int MAX_GATHER = 64;
  private static final int MAX_GATHER_BYTES = 1024 * 1024;

  // Scratch memory for one system call; nothing is kept in it from one to the next.
  private static final FastThreadLocal<IovArray> GATHER =
      new FastThreadLocal<>() {
        @Override
        protected IovArray initialValue() {
          return new IovArray(MAX_GATHER);
        }

        @Override
        protected void onRemoval(IovArray array) {
          array.release();
        }
      };

  private SocketWrites() {}

  /** The buffer itself, or a copy that the kernel can read; takes over the reference. */
  static ByteBuf direct(ByteBuf buffer, ByteBufAllocator allocator) {
    if (!UnixChannelUtil.isBufferCopyNeededForWrite(buffer)) {
      return buffer;
    }
    try {
      return allocator.directBuffer(Math.max(1, buffer.readableBytes())).writeBytes(buffer);
    } finally {
      buffer.release();
    }
  }

  /**
   * Writes a buffer that is in no queue.
   *
   * @return whether the socket has taken all of it
   */
  static boolean now(Socket socket, ByteBuf data) {
    if (!data.hasMemoryAddress()) {
      return false;
    }
    try {
      int written =
          socket.sendAddress(data.memoryAddress(), data.readerIndex(), data.writerIndex());
      data.skipBytes(Math.max(0, written));
      return !data.isReadable();
    } catch (IOException again) {
      return false; // the next write reports it
    }
  }

  /** The same with two buffers. */
  static boolean now(Socket socket, ByteBuf first, ByteBuf second) {
    IovArray gathered = GATHER.get();
    gathered.clear();
    int size = first.readableBytes();
    if (!gathered.add(first, first.readerIndex(), size)
        || !gathered.add(second, second.readerIndex(), second.readableBytes())) {
      return false;
    }
    try {
      long written = socket.writevAddresses(gathered.memoryAddress(0), gathered.count());
      int ofFirst = (int) Math.min(Math.max(0, written), size);
      first.skipBytes(ofFirst);
      second.skipBytes((int) Math.max(0, written - ofFirst));
      return !second.isReadable();
    } catch (IOException again) {
      return false; // the next write reports it
    }
  }

  /**
   * Writes the only buffer there is.
   *
   * @return false when the socket takes no more
   */
  static boolean one(Socket socket, ChannelOutboundBuffer out) throws IOException {
    ByteBuf buffer = (ByteBuf) out.current();
    int size = buffer.readableBytes();
    if (size == 0) {
      return out.remove();
    }
    if (!buffer.hasMemoryAddress() && buffer.nioBufferCount() > 1) {
      return some(socket, out);
    }
    int written;
    if (buffer.hasMemoryAddress()) {
      written =
          socket.sendAddress(buffer.memoryAddress(), buffer.readerIndex(), buffer.writerIndex());
    } else {
      ByteBuffer plain = buffer.internalNioBuffer(buffer.readerIndex(), size);
      written = socket.send(plain, plain.position(), plain.limit());
    }
    if (written > 0) {
      out.removeBytes(written);
    }
    return written == size;
  }

  /**
   * Writes as many buffers as one call may take.
   *
   * @return false when the socket takes no more
   */
  static boolean some(Socket socket, ChannelOutboundBuffer out) throws IOException {
    IovArray gathered = GATHER.get();
    gathered.clear();
    gathered.maxBytes(MAX_GATHER_BYTES);
    try {
      out.forEachFlushedMessage(gathered);
    } catch (Exception impossible) {
      throw new IOException(impossible);
    }
    long size = gathered.size();
    long written =
        size == 0 ? 0 : socket.writevAddresses(gathered.memoryAddress(0), gathered.count());
    out.removeBytes(written);
    return written == size;
  }
}
