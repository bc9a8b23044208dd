package dev.weir.http;

import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.socket.DuplexChannel;
import java.time.Duration;

/**
 * What stands between client and backend after 101: two directions of bytes, each of which ends for
 * itself, as in TCP (RFC 9293 section 3.6). It keeps the time: so long without a byte, and less
 * once one direction has ended. Belongs to one event loop.
 */
final class Tunnel {
  /** How long the backend may leave what it is sent unread. */
  static final Duration SILENCE = Duration.ofMinutes(10);

  private final Channel client;
  private final Output output;
  private final ClientClock clock;
  private final HttpHandler handler;
  private boolean halfClosed;
  private boolean answered;

  Tunnel(Channel client, Output output, ClientClock clock, HttpHandler handler) {
    this.client = client;
    this.output = output;
    this.clock = clock;
    this.handler = handler;
    clock.in(handler.tunnelNanos());
  }

  /** Bytes have passed. */
  void progress() {
    clock.extend(halfClosed ? handler.finNanos() : handler.tunnelNanos());
  }

  /** One side has ended its direction. */
  void halfClosed() {
    halfClosed = true;
    clock.in(handler.finNanos());
  }

  /** The backend has ended its direction: so do we towards the client, which may go on. */
  void answeredInFull() {
    answered = true;
    output.flush();
    endOutput(client, () -> {});
    halfClosed();
  }

  /** Whether the backend's direction has come to its end. */
  boolean answered() {
    return answered;
  }

  /** Ends our direction of a channel after what was written to it, then runs a task. */
  static void endOutput(Channel channel, Runnable then) {
    channel
        .writeAndFlush(Unpooled.EMPTY_BUFFER)
        .addListener(
            done -> {
              ((DuplexChannel) channel).shutdownOutput();
              then.run();
            });
  }

  /** Closes a channel of which both directions have ended. */
  static void closeIfOver(Channel channel) {
    DuplexChannel both = (DuplexChannel) channel;
    if (both.isOutputShutdown() && both.isInputShutdown()) {
      channel.close();
    }
  }
}
