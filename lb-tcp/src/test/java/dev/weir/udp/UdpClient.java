package dev.weir.udp;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;

/** A client that hears the address it speaks to, and nobody else. */
final class UdpClient implements AutoCloseable {
  private static final long PATIENCE_MILLIS = 10_000;

  private final DatagramChannel channel;
  private final Selector selector;
  private final InetSocketAddress to;

  UdpClient(InetSocketAddress to) throws IOException {
    this(null, to);
  }

  UdpClient(SocketAddress from, InetSocketAddress to) throws IOException {
    channel = DatagramChannel.open();
    boolean beside = from instanceof InetSocketAddress inet && inet.getPort() != 0;
    channel.setOption(StandardSocketOptions.SO_REUSEPORT, beside);
    channel.setOption(StandardSocketOptions.SO_RCVBUF, 4 << 20);
    channel.bind(from != null ? from : new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    this.to = to;
    channel.configureBlocking(false);
    selector = Selector.open();
    channel.register(selector, SelectionKey.OP_READ);
  }

  void send(byte[] data) throws IOException {
    // Not connected: the JDK sends no empty datagrams then.
    channel.send(ByteBuffer.wrap(data), to);
  }

  void send(String data) throws IOException {
    send(data.getBytes(UTF_8));
  }

  String ask(String data) throws IOException {
    send(data);
    byte[] answer = hear(PATIENCE_MILLIS);
    if (answer == null) {
      throw new AssertionError("no answer to " + data);
    }
    return new String(answer, UTF_8);
  }

  byte[] ask(byte[] data) throws IOException {
    send(data);
    byte[] answer = hear(PATIENCE_MILLIS);
    if (answer == null) {
      throw new AssertionError("no answer to " + data.length + " bytes");
    }
    return answer;
  }

  /** The next datagram; null when none comes in time. */
  byte[] hear(long millis) throws IOException {
    long until = System.nanoTime() + millis * 1_000_000;
    ByteBuffer into = ByteBuffer.allocate(65_536);
    while (!to.equals(channel.receive(into.clear()))) {
      long left = (until - System.nanoTime()) / 1_000_000;
      if (left <= 0) {
        return null;
      }
      selector.select(left);
      selector.selectedKeys().clear();
    }
    byte[] data = new byte[into.flip().remaining()];
    into.get(data);
    return data;
  }

  InetSocketAddress address() throws IOException {
    return (InetSocketAddress) channel.getLocalAddress();
  }

  @Override
  public void close() throws IOException {
    selector.close();
    channel.close();
  }
}
