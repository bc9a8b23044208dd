package dev.weir.tcp;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.awaitility.Awaitility.await;

import dev.weir.core.backend.Backend;
import dev.weir.core.backend.Health;
import dev.weir.core.config.AdminState;
import dev.weir.core.config.HostPort;
import dev.weir.core.config.ListenerConfig;
import dev.weir.core.config.PoolConfig;
import dev.weir.core.config.ProxyProtocolConfig;
import dev.weir.core.control.Ticker;
import dev.weir.core.net.ConnectionBudget;
import dev.weir.core.net.Listener;
import dev.weir.core.net.Loops;
import dev.weir.core.net.Pipes;
import dev.weir.core.net.Transport;
import dev.weir.core.observe.Cause;
import dev.weir.core.observe.EndSummary;
import dev.weir.core.observe.EndSummary.Phase;
import dev.weir.core.observe.EndSummary.Text;
import dev.weir.core.observe.LbObserver;
import dev.weir.core.pool.Pool;
import dev.weir.core.pool.TestPools;
import dev.weir.core.runtime.Protocol.Scope;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** A tcp listener before real backends, with everything its sessions say written down. */
final class Rig implements AutoCloseable {
  static final Duration SOON = Duration.ofSeconds(10);

  /** How many sessions' directions may be spliced at once. */
  static final int PIPES = 16;

  private static final boolean SIZABLE = Runtime.version().feature() >= 22;

  final Queue<End> ends = new ConcurrentLinkedQueue<>();
  final Queue<String> outcomes = new ConcurrentLinkedQueue<>();
  final AtomicInteger opened = new AtomicInteger();
  final AtomicInteger closed = new AtomicInteger();
  final List<Backend> backends = new ArrayList<>();
  final Loops loops;
  final Listener listener;
  final Pool pool;
  private final List<AutoCloseable> ours = new ArrayList<>();

  /** What a session said when it ended. */
  record End(Cause cause, String backend, int attempts, long in, long out) {}

  /** What ended the last one that did. */
  volatile EndSummary.By endedBy;

  /** Which PROXY headers are read and written; null for none. */
  record Told(ProxyProtocolConfig byClients, String toBackends) {}

  /** How the last one that ended had waited, and from where it came. */
  volatile String remembered;

  private Rig(
      Loops loops,
      ListenerConfig.Timeouts timeouts,
      PoolConfig.Limits limits,
      Told told,
      List<InetSocketAddress> addresses)
      throws IOException {
    this.loops = loops;
    for (InetSocketAddress address : addresses) {
      backends.add(backend("b" + backends.size(), address));
    }
    PoolConfig.Timeouts connect = new PoolConfig.Timeouts(Duration.ofSeconds(5), null, null, null);
    PoolConfig config =
        new PoolConfig(null, null, Map.of(), connect, 2, limits)
            .withProxyProtocol(told.toBackends());
    pool = TestPools.inOrder("db", config, backends);
    if (limits != null) {
      for (Backend backend : backends) {
        backend.limited(limits.requests(), 0, pool.waiting()::freed);
      }
    }
    HostPort bind = new HostPort("127.0.0.1", 0);
    Scope scope =
        new Scope(
            "front",
            new ListenerConfig(bind, "tcp", null, "db", timeouts, null, null)
                .withProxyProtocol(told.byClients()),
            Map.of("db", pool),
            loops,
            new Notes());
    listener = Listener.open("front", bind, loops, new TcpProtocol().handler(scope));
  }

  static Rig before(Transport transport, InetSocketAddress... backends) throws IOException {
    return before(transport, null, backends);
  }

  static Rig before(
      Transport transport, ListenerConfig.Timeouts timeouts, InetSocketAddress... backends)
      throws IOException {
    Loops loops = loops(transport);
    return new Rig(loops, timeouts, null, new Told(null, null), List.of(backends));
  }

  static Rig limited(Transport transport, PoolConfig.Limits limits, InetSocketAddress... backends)
      throws IOException {
    Loops loops = loops(transport);
    return new Rig(loops, null, limits, new Told(null, null), List.of(backends));
  }

  static Rig told(Transport transport, Told told, InetSocketAddress... backends)
      throws IOException {
    Loops loops = loops(transport);
    return new Rig(loops, null, null, told, List.of(backends));
  }

  // On a JDK that cannot size them with the pipes there are, so that sessions are spliced there
  // too.
  private static Loops loops(Transport transport) {
    return new Loops(
        transport,
        2,
        Ticker.system(),
        new SplittableRandom(1),
        ConnectionBudget.unlimited(),
        Pipes.of(PIPES, SIZABLE ? Pipes.SIZE : Pipes.SMALL));
  }

  private Backend backend(String name, InetSocketAddress address) {
    Backend backend =
        new Backend(
            "db",
            name,
            new HostPort("127.0.0.1", address.getPort()),
            (of, outcome, fresh, client) -> outcomes.add(of.name() + " " + outcome));
    backend.resolved(address);
    backend.judged(AdminState.READY, Health.HEALTHY, true);
    return backend;
  }

  /** A client of ours. */
  Socket client() throws IOException {
    Socket client = keep(new Socket());
    client.connect(listener.address(), 5_000);
    client.setSoTimeout(20_000);
    return client;
  }

  <T extends AutoCloseable> T keep(T mine) {
    synchronized (ours) {
      ours.add(mine);
    }
    return mine;
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
    await().atMost(SOON).until(() -> loops.budget().upstreamConnections() == 0);
    await().atMost(SOON).until(() -> backends.stream().allMatch(b -> b.load() == 0));
    await().atMost(SOON).until(() -> armed() == 0);
    await().atMost(SOON).until(() -> loops.pipes().inUse() == 0);
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
    loops.pipes().close();
  }

  /** An address on which nobody listens. */
  static InetSocketAddress nobody() throws IOException {
    try (ServerSocket gone = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
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
    public void sessionEnded(EndSummary session) {
      endedBy = session.endedBy();
      byte[] client = new byte[40];
      int length = session.copy(Text.CLIENT, client);
      remembered =
          new String(client, 0, length, US_ASCII)
              + (session.phase(Phase.QUEUE) < 0 ? "" : " queued")
              + (session.phase(Phase.CONNECT) < 0 ? "" : " connected")
              + (session.phase(Phase.RESPONSE) < 0 ? "" : " answered");
      String name = session.backend() == null ? null : session.backend().name();
      ends.add(
          new End(
              session.cause(), name, session.attempts(), session.bytesIn(), session.bytesOut()));
    }
  }
}
