package dev.weir.core.net;

import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.EventLoop;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The open client connections of one listener on one event loop. The listener lists a connection
 * when it is accepted; the set itself, being the listener of its channel's close, takes it off
 * again. Used on that loop only, except for {@link #open}.
 */
public final class ConnectionSet implements ChannelFutureListener {
  private static final VarHandle OPEN;

  static {
    try {
      OPEN = MethodHandles.lookup().findVarHandle(ConnectionSet.class, "channels", int.class);
    } catch (ReflectiveOperationException impossible) {
      throw new ExceptionInInitializerError(impossible);
    }
  }

  private final LoopContext loop;
  private ClientConnection[] open = new ClientConnection[16];
  private int size;
  private int channels;
  private final List<Runnable> whenEmpty = new ArrayList<>(1);

  ConnectionSet(LoopContext loop) {
    this.loop = loop;
  }

  /** Lists a connection; without effect if it is listed. */
  public void add(ClientConnection connection) {
    if (connection.slot != ClientConnection.NOT_LISTED) {
      return;
    }
    if (size == open.length) {
      open = Arrays.copyOf(open, size * 2);
    }
    connection.slot = size;
    open[size++] = connection;
  }

  /** Takes a connection off the list; without effect if it is not on it. */
  public void remove(ClientConnection connection) {
    int slot = connection == null ? ClientConnection.NOT_LISTED : connection.slot;
    if (slot == ClientConnection.NOT_LISTED) {
      return;
    }
    connection.slot = ClientConnection.NOT_LISTED;
    connection.channel = null;
    ClientConnection last = open[--size];
    open[size] = null;
    if (last != connection) {
      open[slot] = last;
      last.slot = slot;
    }
  }

  /** Lists a connection in the place of another of the same channel. */
  void replace(ClientConnection was, ClientConnection by) {
    by.channel = was.channel;
    remove(was);
    add(by);
  }

  EventLoop loop() {
    return loop.loop();
  }

  /** How many. */
  public int size() {
    return size;
  }

  /** A copy, to walk over while connections leave. */
  public List<ClientConnection> copy() {
    return new ArrayList<>(Arrays.asList(open).subList(0, size));
  }

  /** Channels open now, listed or not; any thread, may lag a moment behind. */
  int open() {
    return (int) OPEN.getOpaque(this);
  }

  /** A channel whose handlers are in place; it must not be registered yet. */
  void opened(Channel channel) {
    OPEN.setOpaque(this, channels + 1);
    ClientConnection connection = channel.pipeline().get(ClientConnection.class);
    if (connection != null) {
      connection.channel = channel;
      add(connection);
    }
    channel.closeFuture().addListener(this);
  }

  @Override
  public void operationComplete(ChannelFuture closed) {
    ClientConnection connection = closed.channel().pipeline().get(ClientConnection.class);
    remove(connection != null ? connection : find(closed.channel()));
    loop.budget().clientClosed();
    OPEN.setOpaque(this, channels - 1);
    if (channels == 0) {
      tellEmpty();
    }
  }

  // Closing may have been noticed after the pipeline was taken apart.
  private ClientConnection find(Channel channel) {
    for (int i = 0; i < size; i++) {
      if (open[i].channel == channel) {
        return open[i];
      }
    }
    return null;
  }

  /** Runs a task on the loop, soon, when no channel is open; perhaps that is now. */
  void whenEmpty(Runnable task) {
    whenEmpty.add(task);
    if (channels == 0) {
      tellEmpty();
    }
  }

  // Posted, so that what the protocol does at the end of the last connection comes first.
  private void tellEmpty() {
    whenEmpty.forEach(loop.loop()::execute);
    whenEmpty.clear();
  }
}
