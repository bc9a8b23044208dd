package dev.weir.http;

import dev.weir.core.config.PoolConfig;
import java.net.InetSocketAddress;
import java.util.ArrayDeque;
import java.util.function.Function;

/**
 * A client connection as backends know it that want PROXY headers, or connections from the client's
 * address: both tell whose the connection is, so it serves this client only, and ends with it.
 * Belongs to the event loop of both.
 */
final class ProxiedClient {
  /** So many backends may keep a connection for one client; the one used longest ago goes. */
  static final int MOST_WAITING = 8;

  private final InetSocketAddress source;
  private final Function<PoolConfig, byte[]> header;
  private final ArrayDeque<IdleConnections.Waiting> waiting = new ArrayDeque<>(MOST_WAITING);
  private boolean gone;

  /**
   * A client connection.
   *
   * @param source its address; null when it is not known
   * @param header what tells backends of a pool whose it is
   */
  ProxiedClient(InetSocketAddress source, Function<PoolConfig, byte[]> header) {
    this.source = source;
    this.header = header;
  }

  /** The client's address; null when it is not known. */
  InetSocketAddress source() {
    return source;
  }

  byte[] header(PoolConfig pool) {
    return header.apply(pool);
  }

  /** A connection waits for its next request; false when there will be none. */
  boolean keep(IdleConnections.Waiting connection) {
    if (gone) {
      return false;
    }
    if (waiting.size() == MOST_WAITING) {
      waiting.peekFirst().endIdle();
    }
    waiting.addLast(connection);
    return true;
  }

  /** A connection no longer waits. */
  void left(IdleConnections.Waiting connection) {
    waiting.remove(connection);
  }

  /** The client has gone, and with it what waits for it. */
  void gone() {
    gone = true;
    while (!waiting.isEmpty()) {
      waiting.peekFirst().endIdle();
    }
  }
}
