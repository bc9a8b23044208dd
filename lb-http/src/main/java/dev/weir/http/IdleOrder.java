package dev.weir.http;

import io.netty.channel.ChannelInboundHandlerAdapter;

/**
 * The connections of one event loop that wait for work, whichever backends they lead to, in the
 * order in which they began to wait: where more wait than may, the one that has waited longest is
 * closed. Used on that loop only.
 */
final class IdleOrder {
  /** A connection, with its neighbours among those that wait. */
  abstract static class Entry extends ChannelInboundHandlerAdapter
      implements IdleConnections.Waiting {
    private Entry older;
    private Entry newer;
    private boolean listed;
  }

  private final int max;
  private Entry oldest;
  private Entry newest;
  private int size;

  /**
   * An empty order.
   *
   * @param max connections that may wait, at least 1
   */
  IdleOrder(int max) {
    this.max = max;
  }

  /** It begins to wait. */
  void add(Entry entry) {
    if (size >= max) {
      oldest.endIdle();
    }
    entry.listed = true;
    entry.older = newest;
    if (newest == null) {
      oldest = entry;
    } else {
      newest.newer = entry;
    }
    newest = entry;
    size++;
  }

  /** It waits no longer; without effect when it did not. */
  void remove(Entry entry) {
    if (!entry.listed) {
      return;
    }
    entry.listed = false;
    if (entry.older == null) {
      oldest = entry.newer;
    } else {
      entry.older.newer = entry.newer;
    }
    if (entry.newer == null) {
      newest = entry.older;
    } else {
      entry.newer.older = entry.older;
    }
    entry.older = null;
    entry.newer = null;
    size--;
  }
}
