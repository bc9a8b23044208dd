package dev.weir.core.net;

import static java.net.StandardProtocolFamily.INET;
import static java.net.StandardProtocolFamily.INET6;

import dev.weir.core.config.HostPort;
import java.io.IOException;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.DatagramChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An address we take datagrams on: one socket for each event loop (SO_REUSEPORT; the kernel keeps a
 * client on one of them), or one for all where the transport cannot do that. They stay as they are
 * for the life of the listener. Its handler is one volatile, as that of a {@link Listener} is.
 *
 * <p>A wildcard address is a socket for each address that the machine has, and one for the rest:
 * only a socket bound to an address answers from it. When something comes to an address without a
 * socket of its own, the machine's addresses are looked at again.
 *
 * <p>Opened, retired and closed by the control side, on its workers; sessions come and go on their
 * event loops.
 */
public final class DatagramListener implements OpenListener {
  private static final Logger LOG = LoggerFactory.getLogger(DatagramListener.class);
  private static final long BETWEEN_LOOKS = TimeUnit.SECONDS.toNanos(10);

  private final String name;
  private final HostPort bind;
  private final Loops loops;
  private final Addresses addresses;
  private final List<DatagramShard> shards = new ArrayList<>();
  private final AtomicBoolean looking = new AtomicBoolean();
  private volatile DatagramHandler handler;
  private volatile Gate gate;
  private volatile Set<InetAddress> own = Set.of();
  private volatile long lookedAt;
  private InetSocketAddress address;

  /** Tells the addresses behind a wildcard address. */
  interface Addresses {
    Set<InetAddress> like(InetAddress wildcard) throws IOException;
  }

  private DatagramListener(
      String name, HostPort bind, Loops loops, DatagramHandler handler, Addresses addresses) {
    this.name = name;
    this.bind = bind;
    this.loops = loops;
    this.handler = handler;
    this.addresses = addresses;
    gate = Gate.of(handler.limits(), null, loops);
  }

  /**
   * Opens the sockets and begins to take datagrams. Blocks for the bind; not on an event loop.
   *
   * @throws IOException naming the listener and the address, when it cannot be bound
   */
  public static DatagramListener open(
      String name, HostPort bind, Loops loops, DatagramHandler handler) throws IOException {
    return open(name, bind, loops, handler, LocalAddresses::like);
  }

  /** The same where other addresses than the machine's stand behind a wildcard; for tests. */
  static DatagramListener open(
      String name, HostPort bind, Loops loops, DatagramHandler handler, Addresses addresses)
      throws IOException {
    DatagramListener listener = new DatagramListener(name, bind, loops, handler, addresses);
    try {
      listener.bindAll();
    } catch (IOException | RuntimeException failure) {
      listener.shards.forEach(DatagramShard::discard);
      throw new IOException(
          "listener " + name + ": cannot take datagrams on " + bind + ": " + reason(failure),
          failure);
    }
    listener.shards.forEach(DatagramShard::start);
    return listener;
  }

  private static String reason(Exception failure) {
    String message = String.valueOf(failure.getMessage());
    int number = message.indexOf("): ");
    return number < 0 ? message : message.substring(number + 3);
  }

  private void bindAll() throws IOException {
    InetSocketAddress to = new InetSocketAddress(bind.host(), bind.port());
    if (to.isUnresolved()) {
      throw new IOException("unknown host " + bind.host());
    }
    // As a TCP listener does: without SO_REUSEPORT first, so that no other process shares it.
    boolean ipv6 = to.getAddress() instanceof Inet6Address;
    try (DatagramChannel claim = DatagramChannel.open(ipv6 ? INET6 : INET)) {
      claim.bind(to);
    }
    boolean one = !loops.transport().socketPerLoop();
    for (LoopContext loop : one ? loops.all().subList(0, 1) : loops.all()) {
      DatagramShard shard = new DatagramShard(loop);
      shards.add(shard);
      shard.ports().add(port(shard, to));
      to = shard.ports().get(0).address();
    }
    address = to;
    if (to.getAddress().isAnyLocalAddress()) {
      own = addresses.like(to.getAddress());
      lookedAt = loops.get(0).now();
      for (DatagramShard shard : shards) {
        own.forEach(each -> bindAlso(shard, each));
      }
    }
  }

  private DatagramPort port(DatagramShard shard, InetSocketAddress at) throws IOException {
    UdpSocket socket = UdpSocket.bound(shard.loop(), loops.transport(), at);
    return new DatagramPort(this, shard.sessions(), socket, loops.seed());
  }

  // The machine may lose an address between two looks; the wildcard's socket serves it then.
  private DatagramPort bindAlso(DatagramShard shard, InetAddress each) {
    try {
      DatagramPort port = port(shard, new InetSocketAddress(each, address.getPort()));
      shard.ports().add(port);
      return port;
    } catch (IOException | RuntimeException failure) {
      LOG.debug("listener {}: {} is not bound: {}", name, each, reason(failure));
      return null;
    }
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
    return new HostPort(address.getAddress().getHostAddress(), address.getPort());
  }

  @Override
  public boolean isListening() {
    return true;
  }

  DatagramHandler handler() {
    return handler;
  }

  Gate gate() {
    return gate;
  }

  Transport transport() {
    return loops.transport();
  }

  @Override
  public boolean suits(ListenerHandler other) {
    return other instanceof DatagramHandler;
  }

  @Override
  public void replace(ListenerHandler next) {
    DatagramHandler datagrams = (DatagramHandler) next;
    gate = Gate.of(datagrams.limits(), gate, loops);
    handler = datagrams;
  }

  @Override
  public int openConnections() {
    return shards.stream().mapToInt(shard -> shard.sessions().open()).sum();
  }

  /** Whether an answer to this address would come to the listener itself. */
  boolean owns(InetSocketAddress from) {
    if (from.getPort() != address.getPort()) {
      return false;
    }
    InetAddress host = from.getAddress();
    return address.getAddress().isAnyLocalAddress()
        ? host.isLoopbackAddress() || own.contains(host)
        : host.equals(address.getAddress());
  }

  // Addresses that come later, such as one that moves between two machines.

  /** Something has come to an address that has no socket of its own. */
  void strange(long now) {
    if (now - lookedAt > BETWEEN_LOOKS && looking.compareAndSet(false, true)) {
      lookedAt = now;
      Thread thread = new Thread(this::look, "weir-addresses");
      thread.setDaemon(true);
      thread.start();
    }
  }

  private void look() {
    try {
      Set<InetAddress> before = own;
      Set<InetAddress> now = addresses.like(address.getAddress());
      own = now;
      for (DatagramShard shard : shards) {
        shard.execute(() -> adjust(shard, before, now));
      }
    } catch (IOException failure) {
      LOG.warn("listener {}: the machine's addresses: {}", name, failure.getMessage());
    } finally {
      looking.set(false);
    }
  }

  private void adjust(DatagramShard shard, Set<InetAddress> before, Set<InetAddress> now) {
    if (shard.closed()) {
      return;
    }
    for (InetAddress each : now) {
      DatagramPort port = before.contains(each) ? null : bindAlso(shard, each);
      if (port != null) {
        port.start();
      }
    }
    // The sessions of an address that is gone may still get answers, should it come back.
    for (DatagramPort port : List.copyOf(shard.ports())) {
      InetAddress at = port.address().getAddress();
      if (!at.isAnyLocalAddress() && !now.contains(at) && port.idle()) {
        port.socket().close();
        shard.ports().remove(port);
      }
    }
  }

  // The end.

  @Override
  public CompletableFuture<Void> close() {
    return all(DatagramShard::close);
  }

  @Override
  public void abort() {
    shards.forEach(DatagramShard::abort);
  }

  @Override
  public CompletableFuture<Void> retire(Duration deadline) {
    return all(shard -> shard.retire(deadline));
  }

  private CompletableFuture<Void> all(Function<DatagramShard, CompletableFuture<Void>> end) {
    return CompletableFuture.allOf(shards.stream().map(end).toArray(CompletableFuture[]::new));
  }
}
