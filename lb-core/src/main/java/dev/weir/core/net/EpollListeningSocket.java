package dev.weir.core.net;

import dev.weir.core.config.SocketConfig;
import io.netty.channel.IoEvent;
import io.netty.channel.IoEventLoop;
import io.netty.channel.IoRegistration;
import io.netty.channel.epoll.EpollIoHandle;
import io.netty.channel.epoll.EpollIoOps;
import io.netty.channel.unix.DomainSocketAddress;
import io.netty.channel.unix.FileDescriptor;
import io.netty.channel.unix.NativeInetAddress;
import io.netty.channel.unix.Socket;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.concurrent.CompletableFuture;

/**
 * A listening socket on epoll without Netty's server channel, which would make each connection
 * before we could say how, and does not let us take in what waits before the close.
 */
final class EpollListeningSocket extends ListeningSocket implements EpollIoHandle {
  private static final int MOST_AT_ONCE = 64;
  private static final int PATIENCE = 4;

  /** One for the length, and the most that an address of any family takes. */
  private static final int PEER_BYTES = 128;

  // Not NONE: that takes the socket out of epoll, and there is no way back (netty 4.2.18).
  private static final EpollIoOps PAUSED = EpollIoOps.EPOLLERR;

  private final Socket socket;

  /** Null of a Unix socket. */
  private final InetSocketAddress address;

  /** Null unless it is a Unix socket. */
  private final SocketFile file;

  private final byte[] peer = new byte[PEER_BYTES];
  private IoRegistration registration;
  private boolean accepting;
  private int batch = 1;
  private int fullBatches;

  private EpollListeningSocket(
      Listener listener,
      LoopContext loop,
      Socket socket,
      InetSocketAddress address,
      SocketFile file) {
    super(listener, loop);
    this.socket = socket;
    this.address = address;
    this.file = file;
  }

  /** Binds and listens, beside others that may be bound to the same address. */
  static EpollListeningSocket open(Listener listener, LoopContext loop, SocketAddress to)
      throws Exception {
    SocketConfig options = listener.options();
    Socket socket = SocketOptions.forListening(to, options);
    SocketFile file = null;
    try {
      if (SocketOpening.shared(listener.bind(), Transport.EPOLL)) {
        socket.setReusePort(true);
      }
      socket.bind(to);
      if (to instanceof DomainSocketAddress path) {
        file = SocketFile.of(path, options);
      }
      socket.listen(options.backlog());
      return ready(listener, loop, socket, file);
    } catch (Exception failure) {
      socket.close();
      if (file != null) {
        file.remove();
      }
      throw failure;
    }
  }

  /** Takes over a socket that listens already. */
  static EpollListeningSocket adopt(Listener listener, LoopContext loop, int descriptor)
      throws Exception {
    return ready(listener, loop, new Socket(descriptor), null);
  }

  private static EpollListeningSocket ready(
      Listener listener, LoopContext loop, Socket socket, SocketFile file) throws Exception {
    InetSocketAddress address = null;
    if (file == null) {
      // Accepted sockets inherit it on Linux, which saves a call for each.
      socket.setTcpNoDelay(true);
      address = socket.localAddress();
      if (address == null) {
        throw new IOException("it is not bound");
      }
    }
    EpollListeningSocket opened = new EpollListeningSocket(listener, loop, socket, address, file);
    opened.registration = ((IoEventLoop) loop.loop()).register(opened).sync().getNow();
    return opened;
  }

  @Override
  InetSocketAddress address() {
    return address;
  }

  @Override
  int descriptor() {
    return socket.intValue();
  }

  @Override
  public FileDescriptor fd() {
    return socket;
  }

  @Override
  void accepting(boolean wanted) {
    if (wanted != accepting) {
      accepting = wanted;
      registration.submit(wanted ? EpollIoOps.EPOLLIN : PAUSED);
    }
  }

  /** Connections are waiting. */
  @Override
  public void handle(IoRegistration same, IoEvent event) {
    int taken = take(batch);
    // Asking until there is no more costs a call each time; usually the last count is right.
    if (taken < batch) {
      batch = Math.max(1, taken);
      fullBatches = 0;
    } else if (++fullBatches == PATIENCE) {
      batch = Math.min(MOST_AT_ONCE, batch * 2);
      fullBatches = 0;
    }
  }

  private int take(int most) {
    int taken = 0;
    // Counts tries, not successes: an error that stays must not spin.
    for (int tries = 0; tries < most && accepting; tries++) {
      try {
        int accepted = socket.accept(peer);
        if (accepted < 0) {
          return taken;
        }
        taken++;
        listener.accepted(loop, new EpollTcpChannel(accepted, peer()));
      } catch (IOException | RuntimeException failure) {
        if (!socket.isOpen() || failed(failure)) {
          return taken;
        }
      }
    }
    return taken;
  }

  private InetSocketAddress peer() {
    return address == null ? null : NativeInetAddress.address(peer, 1, peer[0]);
  }

  @Override
  void finish(CompletableFuture<Void> done) {
    // It is closed already when the event loop ended before this task came.
    accepting = socket.isOpen();
    if (file != null) {
      file.remove();
    }
    take(LAST_ACCEPTS);
    close();
    done.complete(null);
  }

  @Override
  void discard() {
    loop.loop().execute(this::closeSocket);
  }

  /** The event loop ends. */
  @Override
  public void close() {
    closeSocket();
  }

  private void closeSocket() {
    registration.cancel();
    if (file != null) {
      file.remove();
    }
    try {
      socket.close();
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }
}
