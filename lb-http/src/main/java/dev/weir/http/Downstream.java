package dev.weir.http;

import dev.weir.core.net.ClientConnection;
import dev.weir.core.net.Listener;
import dev.weir.core.observe.Cause;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOption;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.DuplexChannel;
import java.net.InetSocketAddress;

/**
 * One client connection, the client's side of exchanges: read a request head, begin an exchange,
 * feed it the request body, write its response, and again; at the end, close so that the client can
 * read the last answer. Requests that come early wait in the buffer they came in. The one handler
 * of its channel; belongs to its event loop.
 */
final class Downstream extends ClientConnection implements ClientClock.Owner {
  private static final long SECOND = 1_000_000_000L;
  private static final long LINGER = 2 * SECOND;
  private static final long STALL = 60 * SECOND;
  private static final long DRAIN_IDLE = SECOND;
  private static final int MAX_LINGER_BYTES = 1024 * 1024;

  private enum State {
    /** Between requests, or in a request head. */
    HEAD,
    /** In a request body. */
    BODY,
    /** The request is complete, its response is not. */
    RESPONSE,
    /** After 101. */
    TUNNEL,
    /** Everything is said; reading only so that the client can read. */
    LINGER,
    CLOSED
  }

  private final HttpLoop loop;
  private final Listener listener;
  private final ClientClock clock;
  private Channel channel;
  private Output output;
  private HttpHandler handler;
  private State state = State.HEAD;
  private Head head;
  private Exchange exchange;
  private Inbox inbox;
  private RequestBody body;
  private boolean reading;
  private boolean processing;
  private boolean inputEnded;
  private boolean draining;
  private boolean awaitingContinue;
  private long lastActive;
  private long headSince;
  private boolean headWhole;
  private long unwritableSince;
  private int lingered;
  private Peer peer;
  private ProxiedClient proxied;

  Downstream(HttpLoop loop, Listener listener, HttpHandler handler) {
    this.loop = loop;
    this.listener = listener;
    this.handler = handler;
    clock = new ClientClock(loop.context.wheel(), this);
  }

  // ---- open

  @Override
  public void channelActive(ChannelHandlerContext ctx) {
    channel = ctx.channel();
    output = new Output(channel);
    inbox = new Inbox(channel, handler.bufferBytes());
    handler.observer().connectionOpened(loop.context.index(), listener.name());
    lastActive = loop.context.now();
    clock.in(handler.headerNanos());
  }

  // ---- bytes from the client

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    ByteBuf in = (ByteBuf) message;
    reading = true;
    inbox.add(in);
    process();
    inbox.hold();
  }

  private void process() {
    if (processing) {
      return;
    }
    processing = true;
    ByteBuf in = inbox.peek();
    while (in != null && step(in)) {
      in = inbox.peek();
    }
    processing = false;
    if (in == null && inputEnded) {
      ended();
    }
    if (!reading) {
      flushAll();
    }
  }

  /** Takes what it can; false when the rest has to wait. */
  private boolean step(ByteBuf in) {
    switch (state) {
      case HEAD -> readHead(in);
      case BODY -> {
        if (!exchange.takesBody()) {
          body.held();
          return false;
        }
        readBody(in);
      }
      case RESPONSE -> {
        return false;
      }
      case TUNNEL -> {
        if (exchange == null || !exchange.takesBody()) {
          return false;
        }
        exchange.tunnelData(in.readRetainedSlice(in.readableBytes()));
      }
      case LINGER -> linger(in);
      case CLOSED -> in.skipBytes(in.readableBytes());
    }
    return true;
  }

  private void readHead(ByteBuf in) {
    if (head == null) {
      if (!(listener.handler() instanceof HttpHandler current)) {
        close();
        return;
      }
      handler = current;
      head = loop.takeHead();
      // Absolute from the first byte on: a head that drips in does not extend it.
      headSince = loop.context.now();
      headWhole = true;
      clock.move(headSince + handler.headerNanos());
    }
    if (!handler.parser().read(head, in)) {
      headWhole = false;
      clock.rearm();
      return;
    }
    begin();
  }

  private void begin() {
    Head request = head;
    head = null;
    long now = headWhole ? headSince : loop.context.now();
    exchange = new Exchange(this, loop, handler, request, new Exchange.Times(headSince, now));
    boolean hasBody = request.chunked || request.contentLength > 0;
    if (request.fault == null && hasBody) {
      state = State.BODY;
      body = new RequestBody(request, loop);
      clock.by(now + handler.bodyNanos());
    } else {
      state = State.RESPONSE;
      if (request.fault == null) {
        exchange.requestEnd(null);
      }
    }
    exchange.begin();
  }

  private void readBody(ByteBuf in) {
    long now = loop.context.now();
    clock.move(now + handler.bodyNanos());
    body.arrived(in.readableBytes(), now);
    RequestBody current = body;
    Exchange open = exchange;
    Fault fault = current.read(in, open);
    if (fault != null) {
      open.refuse(fault);
    } else if (current.complete() && state == State.BODY) {
      state = State.RESPONSE;
      body = null;
    }
  }

  /** The exchange can take more of the body, or of the tunnel. */
  void resumeBody() {
    process();
  }

  /** The body waits for 100 Continue; after a second we give it ourselves. */
  void awaitContinue() {
    awaitingContinue = true;
    clock.in(SECOND);
  }

  // ---- the response

  Output output() {
    return output;
  }

  boolean writable() {
    return channel.isWritable();
  }

  void flush() {
    output.flush();
  }

  private void flushAll() {
    if (exchange != null) {
      exchange.flushUpstream();
    }
    if (output != null) {
      output.flush();
    }
  }

  Tunnel tunnel() {
    state = State.TUNNEL;
    loop.context.loop().execute(this::process);
    return new Tunnel(channel, output, clock, handler);
  }

  /**
   * The response is written.
   *
   * @param keep whether the connection serves another request
   * @param rest whether a part of the request has not been read
   */
  void exchangeEnded(boolean keep, boolean rest) {
    lastActive = exchange.summary.endNanos;
    exchange = null;
    body = null;
    awaitingContinue = false;
    if (state == State.CLOSED) {
      return;
    }
    if (keep) {
      state = State.HEAD;
      output.flush();
      clock.by(lastActive + (draining ? DRAIN_IDLE : handler.idleNanos()));
      process();
    } else if (inputEnded || (!rest && inbox.isEmpty() && !draining)) {
      output.flush();
      closeAfterWrites();
    } else {
      startLinger();
    }
  }

  /**
   * The response broke off: the client must see that it is not complete.
   *
   * @param byReset the body ends where the connection does, so only a reset tells it from a whole
   *     one
   */
  void breakOff(boolean byReset) {
    exchange = null;
    output.flush();
    if (byReset && channel.isOpen()) {
      channel.config().setOption(ChannelOption.SO_LINGER, 0);
    }
    closeAfterWrites();
  }

  // ---- closing

  private void closeAfterWrites() {
    state = State.CLOSED;
    channel.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(done -> close());
    clock.in(STALL);
  }

  /**
   * RFC 9112 section 9.6: closing at once, with bytes of the client unread, would reset the
   * connection and could destroy the answer on its way. So: end our side, read on for a while.
   */
  private void startLinger() {
    state = State.LINGER;
    output.flush();
    clock.in(STALL);
    channel
        .writeAndFlush(Unpooled.EMPTY_BUFFER)
        .addListener(
            done -> {
              if (channel.isActive()) {
                ((DuplexChannel) channel).shutdownOutput();
                clock.in(LINGER);
              }
            });
    inbox.readOn();
    process();
  }

  private void linger(ByteBuf in) {
    lingered += in.readableBytes();
    in.skipBytes(in.readableBytes());
    if (lingered > MAX_LINGER_BYTES) {
      close();
    }
  }

  private void close() {
    state = State.CLOSED;
    channel.close();
  }

  @Override
  public void drain() {
    draining = true;
    if (state == State.HEAD && exchange == null && head == null) {
      long wait = lastActive + DRAIN_IDLE - loop.context.now();
      if (wait <= 0) {
        close();
      } else {
        clock.in(wait);
      }
    }
  }

  @Override
  public void abort() {
    close();
  }

  // ---- events

  @Override
  public void channelReadComplete(ChannelHandlerContext ctx) {
    reading = false;
    flushAll();
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext ctx) {
    if (!channel.isWritable()) {
      unwritableSince = loop.context.now();
      clock.by(unwritableSince + STALL);
    } else if (exchange != null) {
      exchange.clientWritable();
    }
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
    if (event instanceof ChannelInputShutdownEvent) {
      inputEnded = true;
      if (inbox.isEmpty()) {
        ended();
      }
    }
  }

  /** The client has ended its side, and all that it sent has been taken. */
  private void ended() {
    switch (state) {
      case HEAD, LINGER -> close();
      case TUNNEL -> exchange.tunnelEnd();
      case BODY -> {
        Exchange open = exchange;
        state = State.CLOSED;
        exchange = null;
        open.clientGone(Cause.CLIENT_ABORT);
        close();
      }
      case RESPONSE, CLOSED -> {}
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    state = State.CLOSED;
    clock.stop();
    if (exchange != null) {
      Exchange open = exchange;
      exchange = null;
      open.clientGone(Cause.CLIENT_ABORT);
    }
    if (head != null) {
      loop.giveBack(head);
      head = null;
    }
    if (proxied != null) {
      proxied.gone();
    }
    if (output != null) {
      inbox.discard();
      output.discard();
      handler.observer().connectionClosed(loop.context.index(), listener.name(), Cause.NONE);
    }
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    ctx.close();
  }

  @Override
  public void clock(boolean over) {
    boolean drips = state == State.BODY && exchange.takesBody() && body.tooSlow(loop.context.now());
    if (!over && !drips) {
      return;
    }
    switch (state) {
      case HEAD -> headOverdue();
      case BODY -> bodyOverdue();
      case RESPONSE -> responseOverdue();
      case TUNNEL, LINGER, CLOSED -> close();
    }
  }

  private void responseOverdue() {
    if (channel.isWritable() || loop.context.now() - unwritableSince < STALL) {
      clock.in(STALL);
      return;
    }
    // The client has not read for a minute.
    Exchange open = exchange;
    exchange = null;
    open.clientGone(Cause.CLIENT_BODY_TIMEOUT);
    close();
  }

  private void headOverdue() {
    if (head == null || head.length == 0) {
      close();
      return;
    }
    head.fault = Fault.HEAD_OVERDUE;
    begin();
    flushAll();
  }

  private void bodyOverdue() {
    if (awaitingContinue) {
      awaitingContinue = false;
      exchange.continueOverdue();
      clock.in(handler.bodyNanos());
    } else if (!exchange.takesBody()) {
      // The backend is the slow one; its own clock runs.
      clock.in(handler.bodyNanos());
    } else {
      exchange.bodyOverdue();
      flushAll();
    }
  }

  // ---- what the exchange may know

  boolean draining() {
    return draining;
  }

  /** Who is at the other end. */
  Peer peer() {
    if (peer == null) {
      peer = new Peer(clientAddress(channel), false);
    }
    return peer;
  }

  /** What backends are told of the client that want to know by a PROXY header. */
  ProxiedClient proxied() {
    if (proxied == null) {
      proxied =
          new ProxiedClient(
              clientAddress(channel), pool -> proxyHeader(channel, pool, loop.context.random()));
    }
    return proxied;
  }

  /** The address that the client has connected to, as a Host. */
  byte[] localAuthority() {
    InetSocketAddress local = servedAddress(channel);
    return Peer.authority(local == null ? listener.address() : local);
  }

  int localPort() {
    return servedPort(listener, channel);
  }
}
