package dev.weir.core.net;

import dev.weir.core.config.HostPort;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.ServerChannel;
import io.netty.channel.unix.UnixChannelOption;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;

/**
 * An address we accept on: one listening socket for each event loop (SO_REUSEPORT), or one for all
 * where the transport cannot do that. Its handler is one volatile, so that new connections, and new
 * requests on old ones, follow a change of configuration while the sockets stay.
 */
public final class Listener {
  private static final int BACKLOG = 4096;

  private final String name;
  private final HostPort bind;
  private final Loops loops;
  private final List<Channel> sockets = new ArrayList<>();
  private final ConnectionSet[] connections;
  private volatile ConnectionHandler handler;
  private InetSocketAddress address;

  private Listener(String name, HostPort bind, Loops loops, ConnectionHandler handler) {
    this.name = name;
    this.bind = bind;
    this.loops = loops;
    this.handler = handler;
    connections = new ConnectionSet[loops.size()];
    for (int i = 0; i < connections.length; i++) {
      connections[i] = new ConnectionSet();
    }
  }

  /**
   * Opens the sockets and begins to accept. Blocks for the bind; not on an event loop.
   *
   * @throws IOException naming the listener and the address, when it cannot be bound
   */
  public static Listener open(String name, HostPort bind, Loops loops, ConnectionHandler handler)
      throws IOException {
    Listener listener = new Listener(name, bind, loops, handler);
    listener.bindAll();
    return listener;
  }

  private void bindAll() throws IOException {
    InetSocketAddress wanted = new InetSocketAddress(bind.host(), bind.port());
    if (wanted.isUnresolved()) {
      throw new IOException("listener " + name + ": unknown host " + bind.host());
    }
    boolean perLoop = loops.transport().socketPerLoop();
    try {
      if (perLoop) {
        // Groups of SO_REUSEPORT sockets of two processes would share the traffic silently, so the
        // address is claimed without the option first; not listening, so that no client gets in.
        try (SocketChannel claim = SocketChannel.open()) {
          claim.setOption(StandardSocketOptions.SO_REUSEADDR, true);
          claim.bind(wanted);
        }
      }
      for (LoopContext loop : perLoop ? loops.all() : loops.all().subList(0, 1)) {
        wanted = bindOne(loop, wanted, perLoop);
      }
      address = wanted;
    } catch (Exception failure) {
      sockets.forEach(Channel::close);
      throw new IOException(
          "listener " + name + ": cannot listen on " + bind + ": " + failure.getMessage(), failure);
    }
  }

  private InetSocketAddress bindOne(LoopContext loop, InetSocketAddress to, boolean perLoop)
      throws Exception {
    ServerChannel socket = loops.transport().serverSocket();
    socket.config().setOption(ChannelOption.SO_REUSEADDR, true);
    socket.config().setOption(ChannelOption.SO_BACKLOG, BACKLOG);
    if (perLoop) {
      socket.config().setOption(UnixChannelOption.SO_REUSEPORT, true);
    }
    socket.pipeline().addLast(new Acceptor(loop, perLoop));
    loop.loop().register(socket).syncUninterruptibly();
    socket.bind(to).sync();
    sockets.add(socket);
    return (InetSocketAddress) socket.localAddress();
  }

  /** Its name in the configuration. */
  public String name() {
    return name;
  }

  /** The configured address. */
  public HostPort bind() {
    return bind;
  }

  /** The bound address, with the real port. */
  public InetSocketAddress address() {
    return address;
  }

  /** What new connections, and new requests on old ones, are handled by. */
  public ConnectionHandler handler() {
    return handler;
  }

  /** Replaces the handler; takes effect at once. Control loop only. */
  public void handler(ConnectionHandler replacement) {
    handler = replacement;
  }

  /** The open connections on one loop; for use on that loop. */
  public ConnectionSet connections(LoopContext loop) {
    return connections[loop.index()];
  }

  private final class Acceptor extends ChannelInboundHandlerAdapter {
    private final LoopContext own;
    private final boolean perLoop;

    Acceptor(LoopContext own, boolean perLoop) {
      this.own = own;
      this.perLoop = perLoop;
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
      Channel child = (Channel) message;
      LoopContext loop = perLoop ? own : loops.next();
      child.config().setOption(ChannelOption.ALLOW_HALF_CLOSURE, true);
      child.config().setOption(ChannelOption.TCP_NODELAY, true);
      handler.accept(child, loop, Listener.this);
      loop.loop().register(child);
    }
  }
}
