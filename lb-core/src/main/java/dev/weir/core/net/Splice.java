package dev.weir.core.net;

import io.netty.channel.Channel;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.epoll.Native;
import java.io.IOException;

/**
 * One direction between two connections in which the kernel moves the bytes, through a pipe
 * (splice(2)), instead of copying them to us and back. Worth its system calls for bulk only.
 *
 * <p>The pipe is filled when it is empty and not before, so that an answer of "nothing" always
 * speaks of the socket; what has gone into it goes out before anything else is read or written.
 * Opened and closed by the owner of the direction, driven by the two channels; on their event loop.
 */
public final class Splice {
  private static final int LITTLE = 16 * 1024;
  private static final int OFTEN = 8;

  private final EpollTcpChannel from;
  private final EpollTcpChannel to;
  private final Pipes pipes;
  private final Pipes.Pipe pipe;
  private final Owner owner;
  private int held;
  private int littleInARow;
  private boolean closed;

  /** Whose direction it is; may close the splice in any of the calls. */
  public interface Owner {
    /** So many bytes have been read, and will be written. */
    void moved(int bytes);

    /** All that was read is written; nothing is read before {@link Channel#read} is called. */
    void drained();
  }

  private Splice(EpollTcpChannel from, EpollTcpChannel to, Pipes pipes, Pipes.Pipe pipe, Owner of) {
    this.from = from;
    this.to = to;
    this.pipes = pipes;
    this.pipe = pipe;
    owner = of;
  }

  /**
   * From now on, what {@code from} reads goes to {@code to} without the owner seeing it. While it
   * is open nobody else may write to {@code to} unless the splice is drained.
   *
   * @return null when bytes must still be copied: the channels are not epoll's, something unsent is
   *     waiting, or there is no pipe to be had
   */
  public static Splice open(LoopContext loop, Channel from, Channel to, Owner owner) {
    if (!(from instanceof EpollTcpChannel source)
        || !(to instanceof EpollTcpChannel target)
        || !idle(target)) {
      return null;
    }
    Pipes.Pipe pipe = loop.pipes().take();
    if (pipe == null) {
      return null;
    }
    Splice splice = new Splice(source, target, loop.pipes(), pipe, owner);
    source.readBy = splice;
    target.writtenBy = splice;
    return splice;
  }

  private static boolean idle(EpollTcpChannel target) {
    ChannelOutboundBuffer waiting = target.unsafe().outboundBuffer();
    return waiting != null && waiting.isEmpty();
  }

  /** Whether bytes have been read that are not written yet. */
  public boolean holds() {
    return held > 0;
  }

  /** Whether little has come often lately, so that copying is cheaper. */
  public boolean sluggish() {
    return littleInARow >= OFTEN;
  }

  /**
   * Reads what there is, as much as the pipe takes, and writes it, as much as the socket takes.
   *
   * @return how many bytes were read; 0: none now, or the end of the stream
   */
  int pull() throws IOException {
    if (held > 0) {
      return 0;
    }
    int read = Native.splice(descriptor(from), -1, pipe.writes().intValue(), -1, pipes.bytes());
    if (read > 0) {
      held = read;
      littleInARow = read < LITTLE ? littleInARow + 1 : 0;
      owner.moved(read);
      push();
    }
    return read;
  }

  /** Writes what the pipe holds, as much as the socket takes. */
  void push() {
    if (held == 0) {
      return;
    }
    try {
      while (held > 0 && !closed && to.mayWrite()) {
        int written = Native.splice(pipe.reads().intValue(), -1, descriptor(to), -1, held);
        if (written == 0) {
          to.awaitWritable();
          return;
        }
        held -= written;
      }
    } catch (IOException failure) {
      to.failWith(failure);
      return;
    }
    if (held == 0 && !closed) {
      owner.drained();
    }
  }

  private static int descriptor(EpollTcpChannel channel) {
    return channel.fd().intValue();
  }

  /** Bytes are copied again, or not at all; what the pipe holds is lost. */
  public void close() {
    if (!closed) {
      closed = true;
      from.readBy = null;
      to.writtenBy = null;
      pipes.giveBack(pipe, held == 0);
    }
  }
}
