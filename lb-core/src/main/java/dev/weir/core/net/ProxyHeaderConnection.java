package dev.weir.core.net;

import dev.weir.core.observe.Cause;
import dev.weir.core.observe.ProxyHeader;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import java.io.IOException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A client connection until its PROXY header is complete; then the protocol's own takes its place,
 * and gets every byte behind the header. Without one in time it ends. Made by {@link ProxyEntry};
 * belongs to one event loop.
 */
final class ProxyHeaderConnection extends ClientConnection {
  private static final Logger LOG = LoggerFactory.getLogger(ProxyHeaderConnection.class);

  private final ProxyEntry entry;
  private final LoopContext loop;
  private final Listener listener;
  private final ConnectionHandler next;
  private final Channel client;
  private final ProxyHeaderParser parser = new ProxyHeaderParser();
  private final Deadline deadline =
      new Deadline() {
        @Override
        protected void expired() {
          end(Cause.PROXY_HEADER_TIMEOUT);
        }
      };
  private boolean draining;
  private boolean over;

  ProxyHeaderConnection(
      ProxyEntry entry,
      LoopContext loop,
      Listener listener,
      ConnectionHandler next,
      Channel client) {
    this.entry = entry;
    this.loop = loop;
    this.listener = listener;
    this.next = next;
    this.client = client;
  }

  @Override
  public void channelActive(ChannelHandlerContext ctx) {
    loop.wheel().arm(deadline, entry.timeoutNanos());
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    ByteBuf in = (ByteBuf) message;
    boolean passedOn = false;
    try {
      switch (over ? ProxyHeaderParser.Progress.MORE : parser.take(in)) {
        case MORE -> {}
        case BAD -> end(Cause.BAD_PROXY_HEADER);
        case DONE -> {
          begin(ctx);
          passedOn = in.isReadable() && client.isOpen();
          if (passedOn) {
            ctx.fireChannelRead(in);
          }
          client.pipeline().remove(this);
        }
      }
    } finally {
      if (!passedOn) {
        in.release();
      }
    }
  }

  private void begin(ChannelHandlerContext ctx) {
    over = true;
    loop.wheel().disarm(deadline);
    ProxyHeader said = parser.addresses() == null ? ProxyHeader.NOBODY : ProxyHeader.CLIENT;
    entry.observer().proxyHeader(loop.index(), listener.name(), said);
    next.accept(client, loop, listener);
    ClientConnection protocol = (ClientConnection) client.pipeline().last();
    protocol.proxied = parser.addresses();
    protocol.tlvs = parser.tlvs();
    listener.connections(loop).replace(this, protocol);
    ctx.fireChannelActive();
    if (draining && client.isOpen()) {
      protocol.drain();
    }
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
    if (event instanceof ChannelInputShutdownEvent) {
      end(Cause.CLIENT_ABORT);
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    end(Cause.CLIENT_ABORT);
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable failure) {
    if (failure instanceof IOException) {
      end(Cause.CLIENT_ABORT);
    } else {
      LOG.error("listener {}: a connection could not be set up", listener.name(), failure);
      end(Cause.INTERNAL);
      client.close();
    }
  }

  /** Goes on for the little time that it has left; the protocol then knows. */
  @Override
  public void drain() {
    draining = true;
  }

  @Override
  public void abort() {
    end(Cause.SHUTDOWN);
  }

  private void end(Cause why) {
    if (over) {
      return;
    }
    over = true;
    loop.wheel().disarm(deadline);
    LOG.debug("listener {}: {} from {}", listener.name(), why.code(), client.remoteAddress());
    entry.observer().connectionOpened(loop.index(), listener.name());
    entry.observer().connectionClosed(loop.index(), listener.name(), why);
    client.close();
  }
}
