package dev.weir.core.net;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.ServerChannel;
import io.netty.channel.unix.UnixChannel;
import io.netty.channel.unix.UnixChannelOption;
import java.net.InetSocketAddress;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** A listening socket driven by Netty's server channel: io_uring and the JDK's selector. */
final class NettyListeningSocket extends ListeningSocket {
  // These transports do not tell when nothing is waiting; what had come before is in after this.
  private static final long LAST_ACCEPTS_MILLIS = 20;

  private final ServerChannel socket;

  private NettyListeningSocket(Listener listener, LoopContext loop, ServerChannel socket) {
    super(listener, loop);
    this.socket = socket;
  }

  /** Binds and listens; blocks. */
  static NettyListeningSocket open(
      Listener listener, LoopContext loop, Transport transport, InetSocketAddress to)
      throws Exception {
    ServerChannel socket = transport.serverSocket();
    socket.config().setOption(ChannelOption.SO_REUSEADDR, true);
    socket.config().setOption(ChannelOption.SO_BACKLOG, listener.options().backlog());
    socket.config().setAutoRead(false);
    if (SocketOpening.shared(listener.bind(), transport)) {
      socket.config().setOption(UnixChannelOption.SO_REUSEPORT, true);
    }
    NettyListeningSocket opened = new NettyListeningSocket(listener, loop, socket);
    socket.pipeline().addLast(opened.new Acceptor());
    loop.loop().register(socket).sync();
    try {
      socket.bind(to).sync();
    } catch (Exception failure) {
      socket.close();
      throw failure;
    }
    return opened;
  }

  @Override
  InetSocketAddress address() {
    return (InetSocketAddress) socket.localAddress();
  }

  @Override
  int descriptor() {
    return socket instanceof UnixChannel unix ? unix.fd().intValue() : -1;
  }

  @Override
  void accepting(boolean wanted) {
    socket.config().setAutoRead(wanted);
  }

  @Override
  void finish(CompletableFuture<Void> done) {
    accepting(true);
    // The JDK's selector gives the address free with its next round only.
    later(() -> socket.close().addListener(closed -> later(() -> done.complete(null))));
  }

  private void later(Runnable task) {
    loop.loop().schedule(task, LAST_ACCEPTS_MILLIS, TimeUnit.MILLISECONDS);
  }

  @Override
  void discard() {
    socket.close();
  }

  private final class Acceptor extends ChannelInboundHandlerAdapter {
    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
      listener.accepted(loop, (Channel) message);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable failure) {
      failed(failure);
    }
  }
}
