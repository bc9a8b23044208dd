package dev.weir.core.net;

import io.netty.channel.IoEventLoop;
import io.netty.channel.IoRegistration;
import io.netty.channel.nio.NioIoOps;
import io.netty.channel.nio.NioSelectableChannelIoHandle;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SelectionKey;

/**
 * A UDP socket of the JDK's, driven by its selector. Does not send empty datagrams to what it is
 * connected to.
 */
final class NioUdpSocket extends UdpSocket {
  private final DatagramChannel channel;
  private final NioSelectableChannelIoHandle<DatagramChannel> handle;
  private IoRegistration registration;

  private NioUdpSocket(LoopContext loop, DatagramChannel channel) {
    super(loop);
    this.channel = channel;
    handle =
        new NioSelectableChannelIoHandle<>(channel) {
          @Override
          protected void handle(DatagramChannel same, SelectionKey key) {
            readable();
          }
        };
  }

  static NioUdpSocket open(LoopContext loop, InetAddress like) throws IOException {
    DatagramChannel channel =
        DatagramChannel.open(
            like instanceof Inet6Address
                ? StandardProtocolFamily.INET6
                : StandardProtocolFamily.INET);
    channel.configureBlocking(false);
    return new NioUdpSocket(loop, channel);
  }

  @Override
  void bind(InetSocketAddress to, int receiveBuffer) throws IOException {
    if (channel.supportedOptions().contains(StandardSocketOptions.SO_REUSEPORT)) {
      channel.setOption(StandardSocketOptions.SO_REUSEPORT, true);
    }
    channel.setOption(StandardSocketOptions.SO_RCVBUF, receiveBuffer);
    channel.bind(to);
  }

  @Override
  void connect(InetSocketAddress to) throws IOException {
    channel.connect(to);
  }

  @Override
  InetSocketAddress address() {
    try {
      return (InetSocketAddress) channel.getLocalAddress();
    } catch (IOException closed) {
      throw new UncheckedIOException(closed);
    }
  }

  @Override
  void register() {
    registration = ((IoEventLoop) loop.loop()).register(handle).getNow();
    registration.submit(NioIoOps.READ);
  }

  @Override
  void pause() {
    if (registration != null) {
      registration.submit(NioIoOps.NONE);
    }
  }

  @Override
  InetSocketAddress receive(ByteBuffer into) throws IOException {
    return (InetSocketAddress) channel.receive(into);
  }

  @Override
  boolean transmit(ByteBuffer data, InetSocketAddress to) throws IOException {
    int bytes = data.remaining();
    ByteBuffer sent = data.duplicate();
    if (to == null && bytes == 0) {
      throw new IOException("the JDK sends no empty datagram on a connected socket"); // JDK 25
    }
    return (to == null ? channel.write(sent) : channel.send(sent, to)) == bytes;
  }

  @Override
  void release() {
    if (registration != null) {
      registration.cancel();
    }
    try {
      channel.close();
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }
}
