package dev.weir.core.net;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** The open client connections of one listener on one event loop; used on that loop only. */
public final class ConnectionSet {
  private ClientConnection[] open = new ClientConnection[16];
  private int size;

  /** Lists a connection. */
  public void add(ClientConnection connection) {
    if (size == open.length) {
      open = Arrays.copyOf(open, size * 2);
    }
    connection.slot = size;
    open[size++] = connection;
  }

  /** Takes a connection off the list; without effect if it is not on it. */
  public void remove(ClientConnection connection) {
    int slot = connection.slot;
    if (slot == ClientConnection.NOT_LISTED) {
      return;
    }
    connection.slot = ClientConnection.NOT_LISTED;
    ClientConnection last = open[--size];
    open[size] = null;
    if (last != connection) {
      open[slot] = last;
      last.slot = slot;
    }
  }

  /** How many. */
  public int size() {
    return size;
  }

  /** A copy, to walk over while connections leave. */
  public List<ClientConnection> copy() {
    return new ArrayList<>(Arrays.asList(open).subList(0, size));
  }
}
