package dev.weir.http;

import dev.weir.core.config.ListenerConfig;
import dev.weir.core.net.CidrSet;
import dev.weir.core.net.ConnectionHandler;
import dev.weir.core.net.ConnectionLimits;
import dev.weir.core.net.Listener;
import dev.weir.core.net.LoopContext;
import dev.weir.core.net.ProxyEntry;
import dev.weir.core.observe.Cause;
import dev.weir.core.observe.LbObserver;
import dev.weir.core.runtime.Protocol;
import io.netty.channel.Channel;
import io.netty.channel.WriteBufferWaterMark;
import java.time.Duration;

/**
 * What an HTTP listener does, as configured: its router, limits and time limits. Immutable; each
 * request reads the newest one of its listener.
 */
final class HttpHandler implements ConnectionHandler {
  private static final Duration IDLE = Duration.ofSeconds(60);
  private static final Duration TUNNEL = Duration.ofHours(1);

  private final String listener;
  private final Router router;
  private final Forwarding forwarding;
  private final ErrorPages errorPages;
  private final CauseLines causes;
  private final HeadParser parser;
  private final LbObserver observer;
  private final CidrSet trusted;
  private final ProxyEntry entry;
  private final HttpLoops loops;
  private final long headerNanos;
  private final long bodyNanos;
  private final long idleNanos;
  private final long finNanos;
  private final long bodyLimit;
  private final int bufferBytes;
  private final ConnectionLimits connections;

  /** Null when it is what channels have. */
  private final WriteBufferWaterMark waterMark;

  HttpHandler(Protocol.Scope scope, HttpLoops loops) {
    ListenerConfig config = scope.config();
    this.loops = loops;
    listener = scope.listener();
    router = new Router(config, scope.pools());
    forwarding = new Forwarding(config.forwarding());
    errorPages = new ErrorPages(config.errors());
    causes = new CauseLines(config.causeHeader());
    observer = scope.observer();
    entry =
        config.proxyProtocol() == null ? null : new ProxyEntry(config.proxyProtocol(), observer);
    trusted = CidrSet.of(config.trustedProxies());
    ListenerConfig.Limits limits = config.limits();
    parser = HeadParser.requests(limits.lineBytes(), limits.headerBytes(), limits.headerCount());
    bodyLimit = limits.bodyBytes();
    bufferBytes = limits.bufferBytes();
    WriteBufferWaterMark mark = new WriteBufferWaterMark(bufferBytes / 2, bufferBytes);
    waterMark = mark.high() == WriteBufferWaterMark.DEFAULT.high() ? null : mark;
    connections = ConnectionLimits.of(limits);
    ListenerConfig.Timeouts timeouts = config.timeouts();
    headerNanos = timeouts.header().toNanos();
    bodyNanos = timeouts.body().toNanos();
    finNanos = Math.min(timeouts.fin().toNanos(), TUNNEL.toNanos());
    idleNanos = (timeouts.idle() == null ? IDLE : timeouts.idle()).toNanos();
  }

  @Override
  public void accept(Channel child, LoopContext loop, Listener from) {
    if (entry == null) {
      serve(child, loop, from);
    } else {
      entry.accept(child, loop, from, this::serve);
    }
  }

  private void serve(Channel child, LoopContext loop, Listener from) {
    if (waterMark != null) {
      child.config().setWriteBufferWaterMark(waterMark);
    }
    child.pipeline().addLast(new Downstream(loops.of(loop), from, this));
  }

  @Override
  public ConnectionLimits limits() {
    return connections;
  }

  @Override
  public void refused(LoopContext loop, Cause why) {
    observer.connectionRefused(loop.index(), listener, why);
  }

  String listener() {
    return listener;
  }

  /**
   * The first route that takes a request; null when none does, or when the request is at fault,
   * which its head then says.
   */
  Route route(Head request, Client client) {
    if (forwarding.loops(request)) {
      request.fault = Fault.LOOP;
      return null;
    }
    return router.route(request, client);
  }

  Forwarding forwarding() {
    return forwarding;
  }

  ErrorPages errorPages() {
    return errorPages;
  }

  CauseLines causes() {
    return causes;
  }

  HeadParser parser() {
    return parser;
  }

  LbObserver observer() {
    return observer;
  }

  /** Who a request is from: the other end of its connection, unless that is a trusted proxy. */
  Peer origin(Peer peer, Head request) {
    return trusted.isEmpty() ? peer : Origin.of(peer, request, trusted);
  }

  /** Bytes that may wait in one direction of a connection. */
  int bufferBytes() {
    return bufferBytes;
  }

  /** 0: no limit. */
  long bodyLimit() {
    return bodyLimit;
  }

  long headerNanos() {
    return headerNanos;
  }

  long bodyNanos() {
    return bodyNanos;
  }

  long idleNanos() {
    return idleNanos;
  }

  /** A tunnel of which one direction has ended may be silent for so long. */
  long finNanos() {
    return finNanos;
  }

  long tunnelNanos() {
    return TUNNEL.toNanos();
  }
}
