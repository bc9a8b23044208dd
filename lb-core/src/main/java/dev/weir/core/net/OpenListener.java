package dev.weir.core.net;

import dev.weir.core.config.HostPort;
import dev.weir.core.config.ListenerConfig;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/**
 * A listener that is open, whatever comes to it: {@link Listener} takes connections, {@link
 * DatagramListener} datagrams. Opened and retired by the control side, read by the admin API.
 */
public sealed interface OpenListener permits Listener, DatagramListener {
  /**
   * Opens the sockets that a handler needs and begins to take in. Blocks for the bind; not on an
   * event loop.
   *
   * @throws IOException naming the listener and the address, when it cannot be bound
   */
  static OpenListener open(String name, ListenerConfig config, Loops loops, ListenerHandler handler)
      throws IOException {
    return handler instanceof DatagramHandler datagrams
        ? DatagramListener.open(name, config.bind(), loops, datagrams)
        : Listener.open(name, config, loops, (ConnectionHandler) handler);
  }

  /** Its name in the configuration. */
  String name();

  /** The configured address. */
  HostPort bind();

  /** The bound address, with the real port; the first one of a range. Null of a Unix socket. */
  InetSocketAddress address();

  /** What it is bound to, for people. */
  HostPort where();

  /** Whether its sockets are open. Any thread. */
  boolean isListening();

  /** Whether its sockets are of the kind that a handler needs. */
  boolean suits(ListenerHandler handler);

  /**
   * Replaces the handler; takes effect at once. Control loop only.
   *
   * @param next one that {@link #suits} it
   */
  void replace(ListenerHandler next);

  /** Connections or sessions open now, over all loops; any thread, may lag a moment behind. */
  int openConnections();

  /**
   * Closes the sockets, each after taking in what waits in its queue; connections go on, sessions
   * of datagrams end. Any thread; repeatable. The address is free when the future is complete.
   */
  CompletableFuture<Void> close();

  /** Ends every connection or session now. Any thread. */
  void abort();

  /**
   * The whole end of a listener: takes in nothing new, drains what is open and aborts what is left
   * at the deadline. Any thread.
   *
   * @return complete when the sockets are closed and nothing is open
   */
  CompletableFuture<Void> retire(Duration deadline);
}
