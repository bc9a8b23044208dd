package dev.weir.udp;

import static org.awaitility.Awaitility.await;

import dev.weir.core.backend.Backend;
import dev.weir.core.backend.Health;
import dev.weir.core.balance.Picker;
import dev.weir.core.config.AdminState;
import dev.weir.core.config.HostPort;
import dev.weir.core.config.ListenerConfig;
import dev.weir.core.config.PoolConfig;
import dev.weir.core.config.UdpConfig;
import dev.weir.core.net.ConnectionBudget;
import dev.weir.core.net.DatagramHandler;
import dev.weir.core.net.DatagramListener;
import dev.weir.core.net.Loops;
import dev.weir.core.net.Pipes;
import dev.weir.core.net.Transport;
import dev.weir.core.observe.Cause;
import dev.weir.core.observe.Drop;
import dev.weir.core.observe.EndSummary;
import dev.weir.core.observe.LbObserver;
import dev.weir.core.pool.Pool;
import dev.weir.core.pool.TestPools;
import dev.weir.core.runtime.Protocol.Scope;
import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A udp listener before real backends, in a time that passes when the test says so, with everything
 * its sessions say written down.
 */
final class UdpRig implements AutoCloseable {
  static final Duration SOON = Duration.ofSeconds(10);

  final Queue<End> ends = new ConcurrentLinkedQueue<>();
  final Queue<EndSummary.By> endedBy = new ConcurrentLinkedQueue<>();
  final Queue<String> outcomes = new ConcurrentLinkedQueue<>();
  final Queue<Drop> drops = new ConcurrentLinkedQueue<>();
  final Queue<Cause> refused = new ConcurrentLinkedQueue<>();
  final AtomicInteger opened = new AtomicInteger();
  final AtomicInteger closed = new AtomicInteger();
  final List<Backend> backends = new ArrayList<>();
  final Loops loops;
  final DatagramListener listener;
  final Pool pool;
  private final AtomicLong now = new AtomicLong(1);
  private final List<AutoCloseable> ours = new ArrayList<>();

  /** What a session said when it ended. */
  record End(Cause cause, String backend, int attempts, long in, long out, long asked, long told) {}

  /** What a listener is like. */
  record Setup(
      Transport transport,
      String host,
      UdpConfig udp,
      ListenerConfig.Limits limits,
      PoolConfig.Limits poolLimits,
      Picker picker,
      Integer maxConnections) {
    static Setup of(Transport transport) {
      return new Setup(transport, "127.0.0.1", null, null, null, null, null);
    }

    Setup on(String other) {
      return new Setup(transport, other, udp, limits, poolLimits, picker, maxConnections);
    }

    Setup with(UdpConfig other) {
      return new Setup(transport, host, other, limits, poolLimits, picker, maxConnections);
    }

    Setup with(ListenerConfig.Limits other) {
      return new Setup(transport, host, udp, other, poolLimits, picker, maxConnections);
    }

    Setup with(PoolConfig.Limits other) {
      return new Setup(transport, host, udp, limits, other, picker, maxConnections);
    }

    Setup with(Picker other) {
      return new Setup(transport, host, udp, limits, poolLimits, other, maxConnections);
    }

    Setup atMost(int connections) {
      return new Setup(transport, host, udp, limits, poolLimits, picker, connections);
    }
  }

  private final Setup setup;
  private final HostPort bind;

  private UdpRig(Setup setup, List<InetSocketAddress> addresses) throws IOException {
    this.setup = setup;
    ConnectionBudget budget =
        setup.maxConnections() == null
            ? ConnectionBudget.unlimited()
            : keep(ConnectionBudget.ofProcess(setup.maxConnections()));
    loops =
        new Loops(setup.transport(), 2, now::get, new SplittableRandom(1), budget, Pipes.none());
    for (InetSocketAddress address : addresses) {
      backends.add(backend("b" + backends.size(), address));
    }
    pool = pool("dns", backends, setup.picker());
    bind = new HostPort(setup.host(), 0);
    listener = DatagramListener.open("front", bind, loops, handler(pool, setup.udp()));
  }

  static UdpRig of(Setup setup, InetSocketAddress... backends) throws IOException {
    return new UdpRig(setup, List.of(backends));
  }

  static UdpRig before(Transport transport, InetSocketAddress... backends) throws IOException {
    return of(Setup.of(transport), backends);
  }

  Pool pool(String name, List<Backend> of, Picker picker) {
    PoolConfig config = new PoolConfig(null, null, Map.of(), null, 2, setup.poolLimits());
    Pool made =
        picker == null
            ? TestPools.inOrder(name, config, of)
            : TestPools.fixed(name, config, of, picker);
    if (setup.poolLimits() != null) {
      of.forEach(b -> b.limited(setup.poolLimits().requests(), 0, made.waiting()::freed));
    }
    return made;
  }

  DatagramHandler handler(Pool to, UdpConfig udp) {
    ListenerConfig config =
        new ListenerConfig(bind, "udp", null, to.name(), null, setup.limits(), null).withUdp(udp);
    Scope scope = new Scope("front", config, Map.of(to.name(), to), loops, new Notes());
    return (DatagramHandler) new UdpProtocol().handler(scope);
  }

  Backend backend(String name, InetSocketAddress address) {
    Backend backend =
        new Backend(
            "dns",
            name,
            new HostPort("127.0.0.1", address.getPort()),
            (of, outcome, fresh, client) -> outcomes.add(of.name() + " " + outcome));
    backend.resolved(address);
    backend.judged(AdminState.READY, Health.HEALTHY, true);
    return backend;
  }

  UdpClient client() throws IOException {
    return keep(new UdpClient(listener.address()));
  }

  <T extends AutoCloseable> T keep(T mine) {
    synchronized (ours) {
      ours.add(mine);
    }
    return mine;
  }

  /** Lets time pass. */
  void pass(Duration time) {
    now.addAndGet(time.toNanos());
  }

  /** Waits until what is due at this time has happened on every loop. */
  void ticked() throws Exception {
    for (int i = 0; i < loops.size(); i++) {
      int index = i;
      loops.get(i).loop().submit(() -> loops.get(index).wheel().tick()).get(5, TimeUnit.SECONDS);
    }
  }

  /** Waits for the end of the only session so far and gives what was said of it. */
  End end() {
    await().atMost(SOON).until(() -> ends.size() == 1);
    return ends.peek();
  }

  /** Waits until nothing is open and everything is given back. */
  void settled() {
    await().atMost(SOON).until(() -> listener.openConnections() == 0);
    await().atMost(SOON).until(() -> opened.get() == closed.get());
    await().atMost(SOON).until(() -> opened.get() == ends.size());
    await().atMost(SOON).until(() -> loops.budget().connections() == 0);
    await().atMost(SOON).until(() -> backends.stream().allMatch(b -> b.load() == 0));
    await().atMost(SOON).until(() -> armed() == 0);
  }

  private int armed() throws Exception {
    int armed = 0;
    for (int i = 0; i < loops.size(); i++) {
      int index = i;
      armed +=
          loops
              .get(i)
              .loop()
              .submit(() -> loops.get(index).wheel().armed())
              .get(5, TimeUnit.SECONDS);
    }
    return armed;
  }

  @Override
  public void close() throws Exception {
    listener.retire(Duration.ZERO).get(10, TimeUnit.SECONDS);
    synchronized (ours) {
      for (AutoCloseable mine : ours) {
        mine.close();
      }
    }
    loops.close();
  }

  /** An address on which nobody listens. */
  static InetSocketAddress nobody() throws IOException {
    try (DatagramSocket gone = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
      return (InetSocketAddress) gone.getLocalSocketAddress();
    }
  }

  private final class Notes implements LbObserver {
    @Override
    public void connectionOpened(int loop, String listener) {
      opened.incrementAndGet();
    }

    @Override
    public void connectionClosed(int loop, String listener, Cause cause) {
      closed.incrementAndGet();
    }

    @Override
    public void connectionRefused(int loop, String listener, Cause cause) {
      refused.add(cause);
    }

    @Override
    public void datagramDropped(int loop, String listener, Drop why) {
      drops.add(why);
    }

    @Override
    public void sessionEnded(EndSummary end) {
      endedBy.add(end.endedBy());
      String name = end.backend() == null ? null : end.backend().name();
      ends.add(
          new End(
              end.cause(),
              name,
              end.attempts(),
              end.bytesIn(),
              end.bytesOut(),
              end.datagramsIn(),
              end.datagramsOut()));
    }
  }
}
