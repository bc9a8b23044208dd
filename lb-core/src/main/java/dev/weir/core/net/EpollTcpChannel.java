package dev.weir.core.net;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.ChannelPromise;
import io.netty.channel.EventLoop;
import io.netty.channel.IoEvent;
import io.netty.channel.IoEventLoop;
import io.netty.channel.IoRegistration;
import io.netty.channel.SingleThreadEventLoop;
import io.netty.channel.epoll.EpollIoEvent;
import io.netty.channel.epoll.EpollIoHandle;
import io.netty.channel.epoll.EpollIoOps;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.ChannelInputShutdownReadComplete;
import io.netty.channel.unix.Errors;
import io.netty.channel.unix.FileDescriptor;
import io.netty.channel.unix.Socket;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.channels.AlreadyConnectedException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ConnectionPendingException;
import java.nio.channels.UnresolvedAddressException;

/**
 * A TCP connection on epoll, in place of Netty's own, which (4.2.18) loses a half-closed connection
 * when a write to it blocks, does not see a reset after the end of the stream, reads all that the
 * kernel has when the end comes whether it was asked to or not, and costs about twice the system
 * calls to set up and take down.
 *
 * <p>It is registered edge-triggered, once: {@code readable} says that there may be something to
 * read, {@code writable} that the socket may take more, each until the kernel says otherwise. Reads
 * happen only when asked for ({@link #read()} or automatic reading), except that an error shows at
 * once. Made by listeners and {@link UpstreamConnect}; used on its event loop.
 */
final class EpollTcpChannel extends DuplexTcpChannel implements ImmediateWrite {
  private static final int IN = EpollIoOps.EPOLLIN.value();
  private static final int OUT = EpollIoOps.EPOLLOUT.value();
  private static final int ERROR = EpollIoOps.EPOLLERR.value();
  private static final int END = EpollIoOps.EPOLLRDHUP.value();
  private static final int HANG_UP = 0x10;
  private static final EpollIoOps READING =
      EpollIoOps.valueOf(IN | END | EpollIoOps.EPOLLET.value());
  private static final EpollIoOps READING_AND_WRITING =
      EpollIoOps.valueOf(IN | END | OUT | EpollIoOps.EPOLLET.value());

  /** Reads in a row while the handler asks for more, before others have their turn. */
  private static final int READS_AT_ONCE = 4;

  /** Reads in a row of what came before an error. */
  private static final int LAST_READS = 16;

  private static final int MAX_WRITES_AT_ONCE = 16;

  private final EpollTcpConfig config;
  private final ReadSize readSize = new ReadSize();
  private IoRegistration registration;
  private boolean watchesWriting;
  private volatile boolean active;
  private ChannelPromise connecting;
  private boolean readPending;
  private boolean reading;
  private boolean readScheduled;
  private boolean readable;
  private boolean writable = true;
  private boolean endSeen;
  private boolean failed;

  /**
   * A connection still to be made.
   *
   * @param to decides the family of the socket
   */
  EpollTcpChannel(InetAddress to) {
    this(TcpSocket.connecting(to), null, false, false);
  }

  /** A connection to a Unix socket, still to be made. */
  EpollTcpChannel() {
    this(Socket.newSocketDomain(), null, false, true);
  }

  /**
   * An accepted connection; TCP_NODELAY is inherited.
   *
   * @param peer null on a Unix socket
   */
  EpollTcpChannel(int descriptor, InetSocketAddress peer) {
    this(new Socket(descriptor), peer, true, peer == null);
  }

  private EpollTcpChannel(Socket socket, InetSocketAddress peer, boolean active, boolean unix) {
    super(socket, peer, unix);
    this.active = active;
    config = new EpollTcpConfig(this, socket);
  }

  // Registered, connected, closed.

  @Override
  protected AbstractUnsafe newUnsafe() {
    return new TcpUnsafe();
  }

  private TcpUnsafe own() {
    return (TcpUnsafe) unsafe();
  }

  @Override
  protected boolean isCompatible(EventLoop loop) {
    return loop instanceof IoEventLoop io && io.isCompatible(TcpUnsafe.class);
  }

  @Override
  protected void doRegister(ChannelPromise promise) {
    ((IoEventLoop) eventLoop())
        .register(own())
        .addListener(
            done -> {
              if (done.isSuccess()) {
                registration = (IoRegistration) done.getNow();
                if (active) {
                  registration.submit(READING);
                }
                promise.setSuccess();
              } else {
                promise.setFailure(done.cause());
              }
            });
  }

  private void begin(SocketAddress to, SocketAddress local, ChannelPromise promise)
      throws IOException {
    if (connecting != null) {
      throw new ConnectionPendingException();
    }
    if (active) {
      throw new AlreadyConnectedException();
    }
    if (to instanceof InetSocketAddress inet && inet.isUnresolved()) {
      throw new UnresolvedAddressException();
    }
    if (local != null) {
      socket.bind(local);
    }
    remote = unix ? null : to;
    boolean done = SocketFile.connect(socket, to);
    watchesWriting = true;
    registration.submit(READING_AND_WRITING);
    connecting = promise;
    if (done) {
      connected();
    }
  }

  private void connected() {
    ChannelPromise promise = connecting;
    connecting = null;
    active = true;
    // A listener may close the channel, or the attempt may have been given up.
    boolean wanted = promise.trySuccess();
    if (active) {
      pipeline().fireChannelActive();
    }
    if (!wanted) {
      close();
    }
  }

  private void finishConnect(int what) {
    try {
      // Without an error there is none to ask for.
      if ((what & (ERROR | HANG_UP)) == 0 || socket.finishConnect()) {
        connected();
      }
    } catch (IOException failure) {
      ChannelPromise promise = connecting;
      connecting = null;
      promise.tryFailure(own().annotate(failure, remote));
      close();
    }
  }

  @Override
  protected void doClose() throws IOException {
    active = false;
    readable = false;
    try {
      // Before the registration ends, which would otherwise take the socket out of epoll by a call.
      socket.close();
    } finally {
      doDeregister();
      ChannelPromise promise = connecting;
      if (promise != null) {
        connecting = null;
        promise.tryFailure(new ClosedChannelException());
      }
    }
  }

  @Override
  protected void doDeregister() {
    if (registration != null) {
      registration.cancel();
    }
  }

  // Events.

  private void happened(int what) {
    if (connecting != null && (what & (OUT | ERROR | HANG_UP)) != 0) {
      finishConnect(what);
    }
    if (!active) {
      return;
    }
    if ((what & OUT) != 0 && !writable) {
      writable = true;
      if (writtenBy != null) {
        writtenBy.push();
      }
      own().flushMore();
    }
    if ((what & (IN | END | HANG_UP)) != 0) {
      readable = true;
      endSeen |= (what & END) != 0;
    }
    if ((what & ERROR) != 0) {
      error();
    } else if (readable && wantsRead()) {
      readSome(READS_AT_ONCE);
    }
  }

  private boolean wantsRead() {
    return (readPending || config.isAutoRead()) && active && !inputEnded;
  }

  // What came before the error is read first, asked for or not: an answer that is complete is worth
  // having even if its sender then broke the connection.
  private void error() {
    failed = true;
    readable = true;
    readSome(LAST_READS);
    if (active) {
      int error = pendingError();
      if (error != 0) {
        failWith(Errors.newConnectionResetException("poll", -error));
      }
    }
  }

  void failWith(IOException failure) {
    pipeline().fireExceptionCaught(failure);
    close();
  }

  // Reading.

  @Override
  protected void doBeginRead() {
    readPending = true;
    if (readable && !reading && !readScheduled && !inputEnded) {
      readScheduled = true;
      eventLoop().execute(own());
    }
  }

  /** Automatic reading was switched off. */
  void stopReading() {
    if (isRegistered()) {
      onLoop(() -> readPending &= config.isAutoRead());
    }
  }

  private void readScheduled() {
    readScheduled = false;
    if (readable && wantsRead()) {
      readSome(READS_AT_ONCE);
    }
  }

  private void readSome(int most) {
    if (reading) {
      return;
    }
    reading = true;
    try {
      for (int i = 0; i < most && readable && (wantsRead() || lastReads()); i++) {
        readOnce();
      }
    } finally {
      reading = false;
    }
    if (readable && wantsRead() && !readScheduled) {
      readScheduled = true;
      // As an ordinary task it would be run again and again, for as long as Netty lets tasks run
      // (a second), before anybody else's socket is looked at.
      ((SingleThreadEventLoop) eventLoop())
          .executeAfterEventLoopIteration(() -> eventLoop().execute(own()));
    }
  }

  private boolean lastReads() {
    return failed && active && !inputEnded && (readBy == null || !readBy.holds());
  }

  private void readOnce() {
    readPending = false;
    if (readBy != null && spliced()) {
      return;
    }
    SpareBuffers spare = SpareBuffers.get();
    ByteBuf buffer = spare.take(alloc(), readSize.next());
    int read;
    try {
      read = SocketReads.one(socket, buffer);
    } catch (IOException failure) {
      spare.giveBack(buffer);
      readable = false;
      failWith(failure);
      return;
    }
    if (read > 0) {
      // Less than asked for: there is no more now, and the next byte or the end is a new event.
      readable = read == buffer.capacity() || endSeen || failed;
      readSize.took(read, buffer.capacity());
      pipeline().fireChannelRead(ReadSize.fitting(buffer));
      pipeline().fireChannelReadComplete();
      spare.giveBack(buffer);
    } else {
      spare.giveBack(buffer);
      readable = false;
      if (read < 0) {
        ended();
      } else {
        readPending = true;
      }
    }
  }

  // Only of an end that epoll has told can a splice of nothing be the sign.
  private boolean spliced() {
    try {
      if (readBy.pull() > 0) {
        return true;
      }
    } catch (IOException failure) {
      readable = false;
      failWith(failure);
      return true;
    }
    if (endSeen || failed) {
      return false;
    }
    readable = false;
    readPending = true;
    return true;
  }

  /** Whether there are neither bytes nor an end to read; see {@link Transport#quiet}. */
  boolean quiet(boolean ask) {
    if (!active || inputEnded || failed) {
      return false;
    }
    return (!ask && !readable) || SocketReads.nothing(socket, alloc());
  }

  private void ended() {
    inputEnded = true;
    if (config.isAllowHalfClosure()) {
      pipeline().fireUserEventTriggered(ChannelInputShutdownEvent.INSTANCE);
      pipeline().fireUserEventTriggered(ChannelInputShutdownReadComplete.INSTANCE);
    } else {
      close();
    }
  }

  // Writing.

  @Override
  protected Object filterOutboundMessage(Object message) {
    if (!(message instanceof ByteBuf buffer)) {
      throw new UnsupportedOperationException("only buffers are written, not " + message);
    }
    return SocketWrites.direct(buffer, alloc());
  }

  @Override
  protected void doWrite(ChannelOutboundBuffer out) throws IOException {
    for (int i = 0; i < MAX_WRITES_AT_ONCE; i++) {
      int count = out.size();
      if (count == 0) {
        return;
      }
      boolean all = count == 1 ? SocketWrites.one(socket, out) : SocketWrites.some(socket, out);
      if (!all) {
        awaitWritable();
        return;
      }
    }
    eventLoop().execute(own()::flushMore);
  }

  @Override
  public boolean writeNow(ByteBuf data) {
    return mayWriteNow() && SocketWrites.now(socket, data);
  }

  @Override
  public boolean writeNow(ByteBuf first, ByteBuf second) {
    return mayWriteNow() && SocketWrites.now(socket, first, second);
  }

  private boolean mayWriteNow() {
    ChannelOutboundBuffer waiting = unsafe().outboundBuffer();
    return mayWrite() && waiting != null && waiting.totalPendingWriteBytes() == 0;
  }

  /** Whether the socket may take something. */
  boolean mayWrite() {
    return writable && active;
  }

  /** The socket takes no more; epoll says when it does. */
  void awaitWritable() {
    writable = false;
    if (!watchesWriting) {
      watchesWriting = true;
      registration.submit(READING_AND_WRITING);
    }
  }

  /** What Netty calls, and what epoll calls. */
  private final class TcpUnsafe extends AbstractUnsafe implements EpollIoHandle, Runnable {
    @Override
    public FileDescriptor fd() {
      return socket;
    }

    @Override
    public void handle(IoRegistration same, IoEvent event) {
      happened(((EpollIoEvent) event).ops().value());
    }

    @Override
    public void run() {
      readScheduled();
    }

    /** The event loop ends. */
    @Override
    public void close() {
      close(voidPromise());
    }

    @Override
    public void connect(SocketAddress to, SocketAddress local, ChannelPromise promise) {
      if (promise.isDone() || !ensureOpen(promise)) {
        return;
      }
      try {
        begin(to, local, promise);
      } catch (IOException | RuntimeException failure) {
        promise.tryFailure(annotateConnectException(failure, to));
        close(voidPromise());
      }
    }

    Throwable annotate(IOException failure, SocketAddress to) {
      return annotateConnectException(failure, to);
    }

    @Override
    protected void flush0() {
      if (writable) {
        super.flush0();
      }
    }

    void flushMore() {
      flush0();
    }
  }

  @Override
  public EpollTcpConfig config() {
    return config;
  }

  @Override
  public boolean isActive() {
    return active;
  }
}
