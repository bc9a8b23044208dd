package dev.weir.core.net;

import dev.weir.core.config.HostPort;
import dev.weir.core.config.ListenerConfig;
import dev.weir.core.config.SocketConfig;
import dev.weir.core.observe.Cause;
import io.netty.channel.Channel;
import io.netty.channel.socket.SocketChannelConfig;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An address we accept on: one listening socket for each event loop (SO_REUSEPORT), or one for all
 * where that cannot be; or one for each port of a range. Its handler is one volatile, so that new
 * connections, and new requests on old ones, follow a change of configuration while the sockets
 * stay.
 *
 * <p>Opened, retired and closed by the control side, on its workers, where sockets may also be
 * closed for a while; connections come and go on their event loops. Each connection is counted and
 * listed here, once, when it is accepted, and taken off when its channel closes; protocols need not
 * do anything for that.
 */
public final class Listener implements OpenListener {
  private static final Logger LOG = LoggerFactory.getLogger(Listener.class);

  private final String name;
  private final HostPort bind;
  private final SocketConfig options;
  private final Loops loops;
  private final ConnectionSet[] connections;
  private volatile ConnectionHandler handler;
  private volatile Gate gate;
  private boolean spread;
  private volatile InetSocketAddress address;

  // Replaced while this object is locked; the sockets of a list stay the same.
  private volatile List<ListeningSocket> sockets = List.of();
  private CompletableFuture<Void> closing = CompletableFuture.completedFuture(null);
  private boolean ended;

  private Listener(
      String name, HostPort bind, SocketConfig options, Loops loops, ConnectionHandler handler) {
    this.name = name;
    this.bind = bind;
    this.options = options;
    this.loops = loops;
    this.handler = handler;
    spread = !SocketOpening.shared(bind, loops.transport());
    gate = Gate.of(handler.limits(), null, loops);
    connections = new ConnectionSet[loops.size()];
    for (int i = 0; i < connections.length; i++) {
      connections[i] = new ConnectionSet(loops.get(i));
    }
  }

  /**
   * Opens the sockets and begins to accept. Blocks for the bind; not on an event loop.
   *
   * @throws IOException naming the listener and the address, when it cannot be bound
   */
  public static Listener open(
      String name, ListenerConfig config, Loops loops, ConnectionHandler handler)
      throws IOException {
    Listener listener = new Listener(name, config.bind(), config.socket(), loops, handler);
    listener.openSockets();
    return listener;
  }

  /** The same with ordinary sockets. */
  public static Listener open(String name, HostPort bind, Loops loops, ConnectionHandler handler)
      throws IOException {
    Listener listener = new Listener(name, bind, SocketConfig.DEFAULT, loops, handler);
    listener.openSockets();
    return listener;
  }

  /**
   * Like {@link #open(String, HostPort, Loops, ConnectionHandler)}, on sockets that another process
   * has handed to this one, bound and listening (LISTEN_FDS of systemd, or an old process of ours).
   * With fewer sockets than event loops every socket serves all loops.
   *
   * @param inherited their file descriptors; empty: opens own ones
   * @throws IOException also when a descriptor is no listening socket of this address, or the
   *     transport is not epoll
   */
  public static Listener open(
      String name, HostPort bind, Loops loops, ConnectionHandler handler, List<Integer> inherited)
      throws IOException {
    if (inherited.isEmpty()) {
      return open(name, bind, loops, handler);
    }
    Listener listener = new Listener(name, bind, SocketConfig.DEFAULT, loops, handler);
    List<ListeningSocket> adopted = new ArrayList<>();
    try {
      listener.adoptAll(inherited, adopted);
    } catch (Exception failure) {
      adopted.forEach(ListeningSocket::discard);
      throw listener.cannot(failure);
    }
    listener.begin(List.copyOf(adopted));
    return listener;
  }

  private IOException cannot(Exception failure) {
    return new IOException(
        "listener " + name + ": cannot listen on " + bind + ": " + reason(failure), failure);
  }

  static String reason(Exception failure) {
    String message = String.valueOf(failure.getMessage());
    int number = message.indexOf("): ");
    return number < 0 ? message : message.substring(number + 3);
  }

  private void adoptAll(List<Integer> inherited, List<ListeningSocket> adopted) throws Exception {
    if (loops.transport() != Transport.EPOLL) {
      throw new IOException("inherited sockets need the transport epoll");
    }
    spread = inherited.size() < loops.size();
    for (int i = 0; i < inherited.size(); i++) {
      LoopContext loop = loops.get(i % loops.size());
      ListeningSocket socket = adopt(loop, inherited.get(i));
      adopted.add(socket);
      InetSocketAddress at = socket.address();
      if (bind.port() != 0 && at.getPort() != bind.port()) {
        throw new IOException(
            "inherited descriptor " + inherited.get(i) + " listens on " + at + " instead");
      }
    }
  }

  private ListeningSocket adopt(LoopContext loop, int descriptor) throws IOException {
    try {
      return EpollListeningSocket.adopt(this, loop, descriptor);
    } catch (Exception failure) {
      throw new IOException(
          "inherited descriptor " + descriptor + " is of no use: " + reason(failure), failure);
    }
  }

  private synchronized boolean ended() {
    return ended;
  }

  private synchronized void begin(List<ListeningSocket> fresh) {
    if (ended || !sockets.isEmpty()) {
      fresh.forEach(ListeningSocket::discard);
      return;
    }
    address = fresh.get(0).address();
    sockets = fresh;
    fresh.forEach(ListeningSocket::start);
  }

  /**
   * Opens the sockets again after {@link #closeSockets}, with the port they had, unless the
   * listener has ended. Blocks for the bind; not on an event loop.
   *
   * @throws IOException naming the listener and the address, when it cannot be bound
   */
  public void openSockets() throws IOException {
    if (ended()) {
      return;
    }
    List<ListeningSocket> fresh;
    try {
      fresh = new SocketOpening(this, loops).open(address == null ? 0 : address.getPort());
    } catch (Exception failure) {
      throw cannot(failure);
    }
    begin(fresh);
  }

  /**
   * Closes the sockets for a while, each after taking in what waits in its queue: clients are
   * refused by the kernel, connections go on. Any thread.
   *
   * @return complete when they are closed
   */
  public synchronized CompletableFuture<Void> closeSockets() {
    CompletableFuture<Void> last =
        CompletableFuture.allOf(
            sockets.stream().map(ListeningSocket::end).toArray(CompletableFuture[]::new));
    closing = CompletableFuture.allOf(closing, last);
    sockets = List.of();
    return closing;
  }

  @Override
  public boolean isListening() {
    return !sockets.isEmpty();
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public HostPort bind() {
    return bind;
  }

  @Override
  public InetSocketAddress address() {
    return address;
  }

  @Override
  public HostPort where() {
    return address == null || bind.ports() > 1
        ? bind
        : new HostPort(address.getAddress().getHostAddress(), address.getPort());
  }

  /** How its sockets are made. */
  SocketConfig options() {
    return options;
  }

  /** The file descriptors of its sockets, to hand over to another process; -1 where not known. */
  public List<Integer> descriptors() {
    return sockets.stream().map(ListeningSocket::descriptor).toList();
  }

  /** What new connections, and new requests on old ones, are handled by. */
  public ConnectionHandler handler() {
    return handler;
  }

  @Override
  public boolean suits(ListenerHandler other) {
    return other instanceof ConnectionHandler;
  }

  @Override
  public void replace(ListenerHandler next) {
    handler((ConnectionHandler) next);
  }

  /** Replaces the handler; takes effect at once. Control loop only. */
  public void handler(ConnectionHandler replacement) {
    gate = Gate.of(replacement.limits(), gate, loops);
    handler = replacement;
  }

  /** The open connections on one loop; for use on that loop. */
  public ConnectionSet connections(LoopContext loop) {
    return connections[loop.index()];
  }

  @Override
  public int openConnections() {
    int sum = 0;
    for (ConnectionSet set : connections) {
      sum += set.open();
    }
    return sum;
  }

  /** A socket has a new connection; on that socket's event loop. */
  void accepted(LoopContext own, Channel child) {
    loops.budget().clientOpened();
    Gate current = gate;
    Cause refusal = current == null ? Cause.NONE : current.enter(child);
    if (refusal != Cause.NONE) {
      handler.refused(own, refusal);
      reset(child);
      return;
    }
    if (!spread) {
      admit(own, child);
      return;
    }
    LoopContext loop = loops.next();
    try {
      loop.loop().execute(() -> admit(loop, child));
    } catch (RejectedExecutionException ending) {
      refuse(child);
    }
  }

  private void admit(LoopContext loop, Channel child) {
    try {
      ((SocketChannelConfig) child.config()).setAllowHalfClosure(true);
      handler.accept(child, loop, this);
    } catch (RuntimeException defect) {
      LOG.error("listener {}: a connection could not be set up", name, defect);
      refuse(child);
      return;
    }
    if (child.isOpen()) {
      connections[loop.index()].opened(child);
      loop.loop().register(child);
    } else {
      loops.budget().clientClosed();
    }
  }

  // A plain close would leave the port of a client that comes again and again waiting with us.
  private void reset(Channel child) {
    ((SocketChannelConfig) child.config()).setSoLinger(0);
    refuse(child);
  }

  private void refuse(Channel child) {
    child.unsafe().closeForcibly();
    loops.budget().clientClosed();
  }

  /**
   * Accepts no more, for good, and leaves the sockets open: what comes waits in their queues, for a
   * process that holds them too. Any thread.
   */
  public synchronized void stopAccepting() {
    ended = true;
    sockets.forEach(ListeningSocket::stop);
  }

  @Override
  public synchronized CompletableFuture<Void> close() {
    ended = true;
    return closeSockets();
  }

  /** Asks every connection to finish what runs and to start nothing new. Any thread. */
  public void drain() {
    onEachLoop(set -> set.copy().forEach(ClientConnection::drain));
  }

  @Override
  public void abort() {
    onEachLoop(set -> set.copy().forEach(ClientConnection::abort));
  }

  @Override
  public CompletableFuture<Void> retire(Duration deadline) {
    return close()
        .thenCompose(
            closed ->
                CompletableFuture.allOf(
                    Arrays.stream(connections)
                        .map(set -> retire(set, deadline))
                        .toArray(CompletableFuture[]::new)));
  }

  private static CompletableFuture<Void> retire(ConnectionSet set, Duration deadline) {
    CompletableFuture<Void> empty = new CompletableFuture<>();
    try {
      set.loop().execute(() -> drain(set, deadline, empty));
    } catch (RejectedExecutionException ended) {
      empty.complete(null);
    }
    return empty;
  }

  private static void drain(ConnectionSet set, Duration deadline, CompletableFuture<Void> empty) {
    set.copy().forEach(ClientConnection::drain);
    Future<?> last =
        set.loop()
            .schedule(
                () -> set.copy().forEach(ClientConnection::abort),
                deadline.toNanos(),
                TimeUnit.NANOSECONDS);
    set.whenEmpty(
        () -> {
          last.cancel(false);
          empty.complete(null);
        });
  }

  private void onEachLoop(Consumer<ConnectionSet> task) {
    for (ConnectionSet set : connections) {
      try {
        set.loop().execute(() -> task.accept(set));
      } catch (RejectedExecutionException ended) {
        LOG.debug("listener {}: the event loop has ended, and its connections with it", name);
      }
    }
  }
}
