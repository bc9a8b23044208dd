package dev.weir.core.net;

import io.netty.channel.IoEvent;
import io.netty.channel.IoEventLoop;
import io.netty.channel.IoOps;
import io.netty.channel.IoRegistration;
import io.netty.channel.epoll.EpollIoHandle;
import io.netty.channel.epoll.EpollIoOps;
import io.netty.channel.unix.DatagramSocketAddress;
import io.netty.channel.unix.FileDescriptor;
import io.netty.channel.unix.Socket;
import io.netty.channel.uring.IoUringIoHandle;
import io.netty.channel.uring.IoUringIoOps;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;

/**
 * A UDP socket driven by epoll, or by polls on io_uring. Receives and sends by system calls of its
 * own on both: a datagram in flight on io_uring would need memory of its own.
 */
final class NativeUdpSocket extends UdpSocket implements EpollIoHandle, IoUringIoHandle {
  private static final byte POLL_ADD = 6; // io_uring.h
  private static final byte ASYNC_CANCEL = 14; // io_uring.h
  private static final int POLLIN = 1; // poll.h; errors are always told

  // As in EpollListeningSocket: NONE would take the socket out of epoll for good.
  private static final EpollIoOps PAUSED = EpollIoOps.EPOLLERR;

  private final Descriptor socket;
  private final boolean ring;
  private IoRegistration registration;
  private long poll;
  private boolean polling;

  /** A socket of the kernel's, of the family that is needed. */
  private static final class Descriptor extends Socket {
    Descriptor(boolean ipv6) {
      super(newSocketDgram0(ipv6));
    }
  }

  private NativeUdpSocket(LoopContext loop, Descriptor socket, boolean ring) {
    super(loop);
    this.socket = socket;
    this.ring = ring;
  }

  static NativeUdpSocket open(LoopContext loop, Transport transport, InetAddress like)
      throws IOException {
    try {
      Descriptor socket = new Descriptor(like instanceof Inet6Address);
      return new NativeUdpSocket(loop, socket, transport == Transport.IO_URING);
    } catch (RuntimeException failure) {
      throw new IOException(failure.getMessage(), failure);
    }
  }

  @Override
  void bind(InetSocketAddress to, int receiveBuffer) throws IOException {
    socket.setReusePort(true);
    socket.setReceiveBufferSize(receiveBuffer);
    socket.bind(to);
  }

  @Override
  void connect(InetSocketAddress to) throws IOException {
    socket.connect(to);
  }

  @Override
  InetSocketAddress address() {
    return socket.localAddress();
  }

  @Override
  public FileDescriptor fd() {
    return socket;
  }

  @Override
  void register() {
    registration = ((IoEventLoop) loop.loop()).register(this).getNow();
    listen();
  }

  private void listen() {
    if (!ring) {
      registration.submit(EpollIoOps.EPOLLIN);
    } else if (!polling) {
      polling = true;
      poll = registration.submit(ops(POLL_ADD, socket.intValue(), 0, POLLIN));
    }
  }

  private static IoOps ops(byte code, int fd, long address, int flags) {
    byte none = 0;
    short zero = 0;
    return new IoUringIoOps(code, none, zero, fd, 0, address, 0, flags, 0L, zero, zero, 0, 0);
  }

  @Override
  public void handle(IoRegistration same, IoEvent event) {
    if (!ring) {
      readable();
      return;
    }
    if (((io.netty.channel.uring.IoUringIoEvent) event).opcode() == POLL_ADD) {
      polling = false;
      readable();
      // One poll for each answer: it tells at once when there is more.
      if (hears()) {
        listen();
      }
    }
  }

  @Override
  void pause() {
    if (!ring && registration != null) {
      registration.submit(PAUSED);
    }
  }

  @Override
  InetSocketAddress receive(ByteBuffer into) throws IOException {
    DatagramSocketAddress from = socket.recvFrom(into, into.position(), into.limit());
    if (from != null) {
      into.position(into.position() + from.receivedAmount());
    }
    return from;
  }

  @Override
  boolean transmit(ByteBuffer data, InetSocketAddress to) throws IOException {
    ByteBuffer direct = loop.datagrams().direct(data);
    int from = direct.position();
    int end = direct.limit();
    int sent =
        to == null
            ? socket.send(direct, from, end)
            : socket.sendTo(direct, from, end, to.getAddress(), to.getPort());
    return sent == end - from;
  }

  @Override
  void release() {
    if (registration != null) {
      if (polling) {
        // A poll holds the kernel's socket open.
        registration.submit(ops(ASYNC_CANCEL, -1, poll, 0));
      }
      registration.cancel();
    }
    try {
      socket.close();
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }
}
