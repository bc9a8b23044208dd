package dev.weir.core.net;

import io.netty.channel.AbstractChannel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelId;
import io.netty.channel.ChannelMetadata;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.ChannelPromise;
import io.netty.channel.socket.ServerSocketChannel;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.unix.FileDescriptor;
import io.netty.channel.unix.Socket;
import io.netty.channel.unix.UnixChannel;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.channels.NotYetConnectedException;

/**
 * What every channel over a stream socket has, however it is driven: its addresses and the ends of
 * its two directions. Those of Unix sockets have no addresses.
 */
abstract class DuplexTcpChannel extends AbstractChannel implements SocketChannel, UnixChannel {
  private static final ChannelMetadata METADATA = new ChannelMetadata(false, 16);

  final Socket socket;

  /** Whether it is a Unix socket, which TCP's options are not for. */
  final boolean unix;

  volatile SocketAddress remote;

  /** Whether the peer has sent its last byte, and it was read. */
  volatile boolean inputEnded;

  /** Who reads what the handlers do not see; null: nobody. */
  Splice readBy;

  /** Who writes what the handlers do not see; null: nobody. */
  Splice writtenBy;

  /**
   * A channel.
   *
   * @param peer null when it is not connected yet, or a Unix socket
   */
  DuplexTcpChannel(Socket socket, SocketAddress peer, boolean unix) {
    super(null);
    this.socket = socket;
    this.unix = unix;
    remote = peer;
  }

  // Netty's is made of machine, process, time and chance; nobody asks for ours but logs.
  @Override
  protected ChannelId newId() {
    return new Id();
  }

  private static final class Id implements ChannelId {
    private static final long serialVersionUID = 1L;

    @Override
    public String asShortText() {
      return Integer.toHexString(System.identityHashCode(this));
    }

    @Override
    public String asLongText() {
      return asShortText();
    }

    @Override
    public int compareTo(ChannelId other) {
      return Integer.compare(System.identityHashCode(this), System.identityHashCode(other));
    }
  }

  @Override
  public FileDescriptor fd() {
    return socket;
  }

  @Override
  public ChannelMetadata metadata() {
    return METADATA;
  }

  @Override
  public boolean isOpen() {
    return socket.isOpen();
  }

  @Override
  public ServerSocketChannel parent() {
    return null;
  }

  @Override
  protected SocketAddress localAddress0() {
    return socket.isOpen() && !unix ? socket.localAddress() : null;
  }

  @Override
  protected SocketAddress remoteAddress0() {
    return remote;
  }

  @Override
  public InetSocketAddress localAddress() {
    return (InetSocketAddress) super.localAddress();
  }

  @Override
  public InetSocketAddress remoteAddress() {
    return (InetSocketAddress) super.remoteAddress();
  }

  @Override
  protected void doBind(SocketAddress local) throws IOException {
    socket.bind(local);
  }

  @Override
  protected void doDisconnect() throws Exception {
    doClose();
  }

  /** The number of the error that the kernel has for us; 0 when there is none. */
  final int pendingError() {
    try {
      return socket.getSoError();
    } catch (IOException closed) {
      return 0;
    }
  }

  // Ends of one direction.

  @Override
  protected void doShutdownOutput() throws IOException {
    socket.shutdown(false, true);
  }

  @Override
  public ChannelFuture shutdownOutput() {
    return shutdownOutput(newPromise());
  }

  @Override
  public ChannelFuture shutdownInput() {
    return shutdownInput(newPromise());
  }

  @Override
  public ChannelFuture shutdownInput(ChannelPromise promise) {
    onLoop(
        () -> {
          inputEnded = true;
          try {
            socket.shutdown(true, false);
            promise.setSuccess();
          } catch (IOException failure) {
            promise.setFailure(failure);
          }
        });
    return promise;
  }

  @Override
  public ChannelFuture shutdown() {
    return shutdown(newPromise());
  }

  @Override
  public ChannelFuture shutdown(ChannelPromise promise) {
    shutdownOutput().addListener(done -> shutdownInput(promise));
    return promise;
  }

  final void onLoop(Runnable task) {
    if (eventLoop().inEventLoop()) {
      task.run();
    } else {
      eventLoop().execute(task);
    }
  }

  @Override
  public boolean isInputShutdown() {
    return inputEnded;
  }

  @Override
  public boolean isOutputShutdown() {
    return socket.isOutputShutdown();
  }

  @Override
  public boolean isShutdown() {
    return inputEnded && socket.isOutputShutdown();
  }

  @Override
  public ChannelFuture shutdownOutput(ChannelPromise promise) {
    onLoop(() -> shutdownOutputOnLoop(promise));
    return promise;
  }

  // Netty's way makes an exception each time, for writes that are waiting.
  private void shutdownOutputOnLoop(ChannelPromise promise) {
    ChannelOutboundBuffer waiting = unsafe().outboundBuffer();
    if (waiting == null || waiting.totalPendingWriteBytes() > 0) {
      ((AbstractUnsafe) unsafe()).shutdownOutput(promise);
      return;
    }
    try {
      doShutdownOutput();
      promise.setSuccess();
    } catch (IOException | NotYetConnectedException failure) {
      promise.setFailure(failure);
    }
  }
}
