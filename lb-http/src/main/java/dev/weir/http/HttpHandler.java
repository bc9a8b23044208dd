package dev.weir.http;

import dev.weir.core.config.ListenerConfig;
import dev.weir.core.net.CidrSet;
import dev.weir.core.net.ConnectionHandler;
import dev.weir.core.net.Listener;
import dev.weir.core.net.LoopContext;
import dev.weir.core.observe.LbObserver;
import dev.weir.core.runtime.Protocol;
import io.netty.channel.Channel;
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
  private final ErrorPages errorPages;
  private final HeadParser parser;
  private final LbObserver observer;
  private final CidrSet trusted;
  private final HttpLoops loops;
  private final long headerNanos;
  private final long bodyNanos;
  private final long idleNanos;
  private final long bodyLimit;

  HttpHandler(Protocol.Scope scope, HttpLoops loops) {
    ListenerConfig config = scope.config();
    this.loops = loops;
    listener = scope.listener();
    router = new Router(config, scope.pools());
    errorPages = new ErrorPages(config.errors());
    observer = scope.observer();
    trusted = CidrSet.of(config.trustedProxies());
    ListenerConfig.Limits limits = config.limits();
    parser = HeadParser.requests(limits.lineBytes(), limits.headerBytes(), limits.headerCount());
    bodyLimit = limits.bodyBytes();
    ListenerConfig.Timeouts timeouts = config.timeouts();
    headerNanos = timeouts.header().toNanos();
    bodyNanos = timeouts.body().toNanos();
    idleNanos = (timeouts.idle() == null ? IDLE : timeouts.idle()).toNanos();
  }

  @Override
  public void accept(Channel child, LoopContext loop, Listener from) {
    child.pipeline().addLast(new Downstream(loops.of(loop), from, this));
  }

  String listener() {
    return listener;
  }

  Router router() {
    return router;
  }

  ErrorPages errorPages() {
    return errorPages;
  }

  HeadParser parser() {
    return parser;
  }

  LbObserver observer() {
    return observer;
  }

  boolean trusts(Peer peer) {
    return !trusted.isEmpty()
        && peer.address() != null
        && trusted.contains(peer.address().getAddress());
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

  long tunnelNanos() {
    return TUNNEL.toNanos();
  }
}
