package dev.weir.http;

import dev.weir.core.backend.Backend;
import dev.weir.core.backend.Outcome;
import dev.weir.core.net.Deadline;
import dev.weir.core.net.UpstreamConnect;
import dev.weir.core.observe.Cause;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOption;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import java.io.IOException;

/**
 * One connection to a backend, the backend's side of exchanges: connect, serve one exchange after
 * the other, wait idle between them. It reads response heads and bodies and hands them to the
 * exchange it serves. The one handler of its channel; belongs to its event loop.
 */
final class Upstream extends IdleOrder.Entry {
  static final int MAX_HEAD = 64 * 1024;
  static final int MAX_FIELDS = 256;
  private static final long LAST_WORDS = 1_000_000_000L;
  private static final HeadParser PARSER = HeadParser.responses(MAX_HEAD, MAX_FIELDS);

  private enum Mode {
    HEAD,
    LENGTH,
    CHUNKED,
    TRAILERS,
    UNTIL_CLOSE,
    TUNNEL
  }

  private final HttpLoop loop;
  private final Backend backend;
  private final IdleConnections<Upstream> home;
  private final ProxiedClient client;
  private final ChunkDecoder chunks = new ChunkDecoder();
  private final Deadline timer =
      new Deadline() {
        @Override
        protected void expired() {
          timeout();
        }
      };

  /** Set by who makes it. */
  Channel channel;

  private Output output;
  private Exchange exchange;
  private Mode mode = Mode.HEAD;
  private Head head;
  private long remaining;
  private boolean counted = true;
  private boolean keepAlive;
  private boolean contradictory;
  private boolean broken;
  private Tunnel tunnel;
  private boolean reused;
  private boolean answering;
  private boolean waiting;
  private long heardAt;
  private long idleSince;
  private long idleFor;
  private long idleLimit;

  /** The handler of a connection to be made, or that {@link #stands} already. */
  Upstream(HttpLoop loop, Backend backend, ProxiedClient client, Exchange exchange) {
    this.loop = loop;
    this.backend = backend;
    this.client = client;
    home = loop.of(backend).idle();
    this.exchange = exchange;
  }

  // ---- connecting

  /** The connection is there. */
  void stands(Channel on) {
    channel = on;
    output = new Output(on);
    idleSince = loop.context.now();
    if (exchange != null) {
      exchange.tries().connected(this);
      flushBoth();
    }
  }

  /** There will be no connection. */
  void failed(Outcome outcome) {
    uncount();
    if (exchange != null) {
      detach().tries().connectFailed(outcome);
    }
  }

  /** Whether nobody wants the connection any more that is being made. */
  boolean givenUp() {
    return exchange == null;
  }

  private void uncount() {
    if (counted) {
      counted = false;
      backend.disconnected();
    }
  }

  @Override
  public void handlerAdded(ChannelHandlerContext ctx) {
    ctx.channel().config().setOption(ChannelOption.ALLOW_HALF_CLOSURE, false);
    // A backend that answers early and closes makes writes fail; its answer can still be read.
    ctx.channel().config().setOption(ChannelOption.AUTO_CLOSE, false);
  }

  // ---- serving an exchange

  /** Takes a waiting connection into use. */
  void reuse(Exchange next, long now) {
    loop.idle.remove(this);
    exchange = next;
    reused = true;
    idleFor = now - idleSince;
  }

  /** Whether it had served another exchange before this one. */
  boolean reused() {
    return reused;
  }

  @Override
  public ProxiedClient client() {
    return client;
  }

  @Override
  public long idleSince() {
    return idleSince;
  }

  Output output() {
    return output;
  }

  boolean writable() {
    return channel.isWritable();
  }

  /** When the last bytes or the end came from the backend, in monotonic nanoseconds. */
  long heardAt() {
    return heardAt;
  }

  /** Whether the first byte of the answer is there. */
  boolean answering() {
    return answering;
  }

  /** The answer, or its next part, must come by then. */
  void expectBy(long when) {
    waiting = true;
    loop.context.wheel().armAt(timer, when);
  }

  void pause() {
    channel.config().setAutoRead(false);
  }

  void resume() {
    channel.config().setAutoRead(true);
  }

  /** From here on the two directions end for themselves (RFC 9293 section 3.6). */
  void tunnel(Tunnel through) {
    tunnel = through;
    waiting = false;
    mode = Mode.TUNNEL;
    channel.config().setOption(ChannelOption.ALLOW_HALF_CLOSURE, true);
    UpstreamConnect.silence(channel, loop.transport, Tunnel.SILENCE);
  }

  /** Ends our side, after what was written; what comes from the backend still comes. */
  void endOutput() {
    output.flush();
    Tunnel.endOutput(channel, () -> Tunnel.closeIfOver(channel));
  }

  void flush() {
    if (output != null) {
      output.flush();
    }
  }

  /** Leaves the exchange without waiting for the rest; the connection is of no more use. */
  void abandon() {
    detach();
    close();
  }

  private Exchange detach() {
    Exchange was = exchange;
    exchange = null;
    waiting = false;
    return was;
  }

  private void close() {
    loop.idle.remove(this);
    loop.context.wheel().disarm(timer);
    if (output != null) {
      output.discard();
    }
    channel.close();
  }

  // ---- the response

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    ByteBuf in = (ByteBuf) message;
    heardAt = loop.context.now();
    try {
      if (exchange == null) {
        // Bytes that nobody asked for: response-queue poisoning (RFC 9112 section 9.2).
        endIdle();
        return;
      }
      decode(in);
    } finally {
      in.release();
    }
  }

  private void decode(ByteBuf in) {
    answering = true;
    while (exchange != null && in.isReadable()) {
      switch (mode) {
        case HEAD -> readHead(in);
        case LENGTH -> readLength(in);
        case CHUNKED -> readChunked(in);
        case TRAILERS -> readTrailers(in);
        case UNTIL_CLOSE, TUNNEL -> exchange.responseData(in.readRetainedSlice(in.readableBytes()));
      }
    }
  }

  private void readHead(ByteBuf in) {
    if (head == null) {
      head = loop.takeHead();
    }
    if (!PARSER.read(head, in)) {
      return;
    }
    if (head.fault != null) {
      garbage();
      return;
    }
    contradictory |= ResponseHead.contradicts(head);
    if (head.status < 200) {
      Head interim = head;
      head = null;
      exchange.interimHead(interim);
      loop.giveBack(interim);
      return;
    }
    keepAlive = ResponseHead.keeps(head, exchange.request) && !contradictory;
    Head complete = head;
    head = null;
    boolean bodyless =
        exchange.request.method == Method.HEAD || complete.status == 204 || complete.status == 304;
    if (bodyless) {
      remaining = 0;
      mode = Mode.LENGTH;
    } else if (complete.chunked) {
      mode = Mode.CHUNKED;
      chunks.reset();
    } else if (complete.contentLength != Head.NO_LENGTH) {
      mode = Mode.LENGTH;
      remaining = complete.contentLength;
    } else {
      mode = Mode.UNTIL_CLOSE;
      keepAlive = false;
    }
    long length = mode == Mode.LENGTH ? remaining : Head.NO_LENGTH;
    boolean taken = exchange.responseHead(complete, bodyless, length, in.readableBytes());
    loop.giveBack(complete);
    if (taken && mode == Mode.LENGTH && remaining == 0) {
      messageEnd(in, null);
    }
  }

  private void readLength(ByteBuf in) {
    int length = (int) Math.min(remaining, in.readableBytes());
    remaining -= length;
    exchange.responseData(in.readRetainedSlice(length));
    if (remaining == 0 && exchange != null) {
      messageEnd(in, null);
    }
  }

  private void readChunked(ByteBuf in) {
    switch (chunks.next(in)) {
      case DATA -> {
        int length = (int) Math.min(chunks.remaining(), in.readableBytes());
        chunks.took(length);
        exchange.responseData(in.readRetainedSlice(length));
      }
      case LAST -> mode = Mode.TRAILERS;
      case BAD -> garbage();
      case MORE -> {}
    }
  }

  private void readTrailers(ByteBuf in) {
    if (head == null) {
      head = loop.takeHead();
      head.clearForTrailers();
    }
    if (PARSER.read(head, in)) {
      if (head.fault != null) {
        garbage();
        return;
      }
      Head trailers = head;
      head = null;
      messageEnd(in, trailers);
      loop.giveBack(trailers);
    }
  }

  private void garbage() {
    Exchange failed = detach();
    giveBackHead();
    close();
    failed.failed(this, Outcome.GARBAGE, Cause.BACKEND_GARBAGE);
  }

  private void messageEnd(ByteBuf in, Head trailers) {
    Exchange done = exchange;
    boolean reusable =
        keepAlive && !in.isReadable() && done.requestComplete() && !done.upgrading && allSent();
    done.responseTrailers(trailers);
    detach();
    if (reusable && backend.eligible()) {
      waitIdle(done.idleLimitNanos());
    } else {
      close();
    }
    done.responseEnd();
  }

  /** Whether the request has left in full: an answer may come before that. */
  private boolean allSent() {
    flush();
    ChannelOutboundBuffer unsent = channel.unsafe().outboundBuffer();
    return unsent != null && unsent.isEmpty();
  }

  // ---- waiting between exchanges

  private void waitIdle(long limit) {
    mode = Mode.HEAD;
    answering = false;
    channel.config().setAutoRead(true);
    flush();
    idleSince = heardAt;
    idleLimit = limit;
    if (home.put(this)) {
      loop.idle.add(this);
      loop.context.wheel().armAt(timer, idleSince + limit);
    } else {
      close();
    }
  }

  @Override
  public boolean quiet(boolean ask) {
    return loop.transport.quiet(channel, ask);
  }

  @Override
  public void endIdle() {
    home.remove(this);
    close();
  }

  // ---- events

  @Override
  public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
    if (event instanceof ChannelInputShutdownEvent && exchange != null) {
      tunnel.answeredInFull();
      Tunnel.closeIfOver(channel);
    }
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext ctx) {
    flushBoth();
  }

  private void flushBoth() {
    if (exchange != null) {
      exchange.flush();
    } else {
      flush();
    }
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext ctx) {
    if (exchange != null && channel.isWritable()) {
      exchange.upstreamWritable();
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    heardAt = loop.context.now();
    loop.idle.remove(this);
    uncount();
    loop.context.wheel().disarm(timer);
    if (output != null) {
      output.discard();
    }
    giveBackHead();
    if (exchange == null) {
      home.lost(this, heardAt);
      return;
    }
    if (output == null) {
      return;
    }
    if (reused && !answering) {
      home.closedAfter(idleFor, loop.context.now());
    }
    Exchange served = detach();
    if (mode == Mode.UNTIL_CLOSE && !broken) {
      served.responseTrailers(null);
      served.responseEnd();
    } else if (mode == Mode.TUNNEL && (tunnel.answered() || !broken)) {
      served.responseEnd();
    } else {
      served.failed(
          this, mode == Mode.HEAD ? Outcome.RESET : Outcome.TRUNCATED, Cause.BACKEND_RESET);
    }
    served.flush();
  }

  private void giveBackHead() {
    if (head != null) {
      loop.giveBack(head);
      head = null;
    }
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    if (exchange == null || output == null) {
      ctx.close();
    } else if (broken || cause instanceof IOException) {
      // Reading has failed, and the channel closes; or writing has, and an answer may have come
      // before. Either way it ends in channelInactive, and not in a clean end.
      broken = true;
      expectBy(loop.context.now() + LAST_WORDS);
    } else {
      Exchange served = detach();
      close();
      served.failed(this, Outcome.LOCAL, Cause.INTERNAL);
      served.flush();
    }
  }

  private void timeout() {
    if (exchange == null) {
      long left = idleSince + idleLimit - loop.context.now();
      if (left > 0) {
        loop.context.wheel().arm(timer, left);
      } else {
        endIdle();
      }
    } else if (waiting) {
      if (!channel.config().isAutoRead()) {
        // The client is the slow one; its own clock runs.
        loop.context.wheel().arm(timer, exchange.stallNanos());
        return;
      }
      Exchange served = detach();
      close();
      served.failed(this, Outcome.TIMEOUT, Cause.BACKEND_TIMEOUT);
      served.flush();
    }
  }
}
