package dev.weir.tcp;

import dev.weir.core.net.ImmediateWrite;
import dev.weir.core.net.Splice;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.DuplexChannel;
import io.netty.util.ReferenceCountUtil;
import java.util.ArrayDeque;
import java.util.Queue;

/**
 * One direction of a session: reads from one channel, writes to the other. After each batch it
 * reads again only if the other side is writable; when that becomes writable, it reads. The end of
 * what it reads becomes the end of what it writes, once everything before it is written. A
 * direction begins by copying; once it has moved {@value #BULK} bytes in large pieces, the kernel
 * moves them ({@link Splice}), for as long as they come in large pieces.
 *
 * <p>It is the handler of the channel it reads from: directly on the backend's side, through the
 * {@link TcpSession} on the client's. Used on the session's event loop only.
 */
final class Relay extends ChannelInboundHandlerAdapter implements Splice.Owner {
  private static final int BULK = 512 * 1024;
  private static final int LARGE = 16 * 1024;

  private final TcpSession session;
  private Channel from;
  private Channel to;
  private ImmediateWrite immediate;
  private Queue<ByteBuf> early;
  private Splice splice;
  private int inLargePieces;
  private long bytes;
  private boolean unflushed;
  private boolean waiting;
  private boolean ended;
  private boolean finished;

  Relay(TcpSession session) {
    this.session = session;
  }

  /** Bytes read so far. */
  long bytes() {
    return bytes;
  }

  /** Whether the channel it reads from has sent its last byte. */
  boolean ended() {
    return ended;
  }

  /** Whether that end has been passed on. */
  boolean finished() {
    return finished;
  }

  @Override
  public void handlerAdded(ChannelHandlerContext ctx) {
    from = ctx.channel();
    from.config().setAutoRead(false);
  }

  /** The other side is connected: begins to read. */
  void start(Channel other) {
    to = other;
    immediate = to instanceof ImmediateWrite able ? able : null;
    if (early != null) {
      early.forEach(buffer -> to.write(buffer, to.voidPromise()));
      early = null;
      to.flush();
    }
    if (ended) {
      passOnEnd();
    } else {
      readOrWait();
    }
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    ByteBuf buffer = (ByteBuf) message;
    int size = buffer.readableBytes();
    if (bytes == 0) {
      session.firstBytes(this);
    }
    bytes += size;
    inLargePieces = size < LARGE ? 0 : inLargePieces + size;
    if (to == null) {
      keep(buffer);
    } else if (immediate != null && immediate.writeNow(buffer)) {
      buffer.release();
    } else {
      to.write(buffer, to.voidPromise());
      unflushed = true;
    }
  }

  // Netty's transports read what has arrived with the end of the stream without being asked: at
  // most what the kernel has in its receive buffer.
  private void keep(ByteBuf buffer) {
    if (early == null) {
      early = new ArrayDeque<>(4);
    }
    early.add(buffer);
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext ctx) {
    if (to != null && !ended) {
      if (unflushed) {
        unflushed = false;
        to.flush();
      }
      session.progress();
      if (inLargePieces >= BULK) {
        inLargePieces = 0;
        splice = session.splice(this, from, to);
      }
      readOrWait();
    }
  }

  // The kernel moves the bytes.

  @Override
  public void moved(int count) {
    bytes += count;
    session.progress();
  }

  @Override
  public void drained() {
    if (splice.sluggish()) {
      splice.close();
      splice = null;
    }
    session.progress();
    from.read();
  }

  /** Whether bytes have been read that the other side has not been given. */
  boolean holds() {
    return splice != null && splice.holds();
  }

  private void readOrWait() {
    waiting = !to.isWritable();
    if (!waiting) {
      from.read();
    }
  }

  /** The channel it writes to may take more again. */
  void writable() {
    if (waiting && to.isWritable()) {
      waiting = false;
      session.progress();
      from.read();
    }
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext ctx) {
    session.opposite(this).writable();
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
    if (event instanceof ChannelInputShutdownEvent && !ended) {
      if (session.endIsReset(from)) {
        session.broken(this, null);
        return;
      }
      ended = true;
      session.ended(this);
      if (to != null) {
        passOnEnd();
      }
    }
  }

  private void passOnEnd() {
    session.progress();
    ChannelOutboundBuffer waiting = to.unsafe().outboundBuffer();
    if (waiting != null && waiting.totalPendingWriteBytes() == 0) {
      shutDown();
      return;
    }
    to.writeAndFlush(Unpooled.EMPTY_BUFFER)
        .addListener(
            (ChannelFutureListener)
                written -> {
                  if (written.isSuccess()) {
                    shutDown();
                  }
                });
  }

  // Of the second direction the close that follows says as much.
  private void shutDown() {
    if (session.opposite(this).finished()) {
      finished = true;
      session.directionFinished();
      return;
    }
    ((DuplexChannel) to)
        .shutdownOutput()
        .addListener(
            done -> {
              if (done.isSuccess()) {
                finished = true;
                session.directionFinished();
              } else {
                // There is no connection any more; its reset just has not been read yet.
                session.broken(session.opposite(this), null);
              }
            });
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable failure) {
    session.broken(this, failure);
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    session.broken(this, null);
  }

  /** The session is over; what could not be passed on is let go. */
  void discard() {
    if (early != null) {
      early.forEach(ReferenceCountUtil::release);
      early = null;
    }
    if (splice != null) {
      splice.close();
    }
  }
}
