package dev.weir.core.net;

import io.netty.channel.socket.nio.NioSocketChannel;
import java.io.IOException;
import java.nio.ByteBuffer;

/** Netty's TCP connection on the JDK's selector, which can tell whether something has come. */
final class NioTcpChannel extends NioSocketChannel {
  /** Whether there are neither bytes nor an end to read; see {@link Transport#quiet}. */
  boolean quiet() {
    try {
      return isActive() && javaChannel().read(ByteBuffer.allocate(1)) == 0;
    } catch (IOException failed) {
      return false;
    }
  }
}
