package dev.weir.tcp;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.awaitility.Awaitility.await;

import dev.weir.core.backend.Backend;
import dev.weir.core.backend.Health;
import dev.weir.core.config.AdminState;
import dev.weir.core.config.HostPort;
import dev.weir.core.config.ListenerConfig;
import dev.weir.core.config.PoolConfig;
import dev.weir.core.config.Problem;
import dev.weir.core.control.Ticker;
import dev.weir.core.net.Listener;
import dev.weir.core.net.Loops;
import dev.weir.core.net.Transport;
import dev.weir.core.observe.Cause;
import dev.weir.core.observe.EndSummary;
import dev.weir.core.observe.EndSummary.Text;
import dev.weir.core.observe.LbObserver;
import dev.weir.core.observe.ProxyHeader;
import dev.weir.core.pool.Pool;
import dev.weir.core.pool.TestPools;
import dev.weir.core.runtime.Protocol.Scope;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;

/** A tcp listener with routes to pools of one backend each, which the test plays. */
final class RouteRig implements AutoCloseable {
  static final Duration SOON = Duration.ofSeconds(10);
  static final HostPort ANY_PORT = new HostPort("127.0.0.1", 0);

  /** What a session said when it ended; texts that it has not are null. */
  record End(Cause cause, String route, String pool, String sni, String alpn, String id) {}

  final Queue<End> ends = new ConcurrentLinkedQueue<>();
  final Queue<Cause> closed = new ConcurrentLinkedQueue<>();
  final Queue<ProxyHeader> headers = new ConcurrentLinkedQueue<>();
  final Map<String, TestBackend> backends = new HashMap<>();
  final Loops loops;
  final Listener listener;
  private final List<Backend> leased = new ArrayList<>();
  private final List<AutoCloseable> ours = new ArrayList<>();

  /** Pools of these names, all with the same settings, whose backends the test plays. */
  RouteRig(Transport transport, ListenerConfig config, PoolConfig settings, String... names)
      throws IOException {
    this(transport, config, settings, new LinkedHashMap<>(), List.of(names));
  }

  /** Pools before backends that others play. */
  static RouteRig before(
      ListenerConfig config, PoolConfig settings, Map<String, InetSocketAddress> backends)
      throws IOException {
    return new RouteRig(Transport.of("auto"), config, settings, backends, List.of());
  }

  private RouteRig(
      Transport transport,
      ListenerConfig config,
      PoolConfig settings,
      Map<String, InetSocketAddress> addresses,
      List<String> played)
      throws IOException {
    loops = new Loops(transport, 1, Ticker.system(), new SplittableRandom(1));
    for (String name : played) {
      backends.put(name, keep(new TestBackend()));
      addresses.put(name, backends.get(name).address());
    }
    Map<String, Pool> pools = new HashMap<>();
    addresses.forEach((name, address) -> pools.put(name, pool(name, address, settings)));
    List<Problem> problems = new ArrayList<>();
    TcpProtocol protocol = new TcpProtocol();
    protocol.check("/listeners/front", config, problems::add);
    if (!problems.isEmpty()) {
      throw new IllegalArgumentException(problems.toString());
    }
    Scope scope = new Scope("front", config, pools, loops, new Notes());
    listener = Listener.open("front", ANY_PORT, loops, protocol.handler(scope));
  }

  private Pool pool(String name, InetSocketAddress address, PoolConfig settings) {
    HostPort at = new HostPort("127.0.0.1", address.getPort());
    Backend backend = new Backend(name, name + "-1", at, (of, outcome, fresh, client) -> {});
    backend.resolved(address);
    backend.judged(AdminState.READY, Health.HEALTHY, true);
    leased.add(backend);
    return TestPools.inOrder(name, settings, List.of(backend));
  }

  /** A client of ours that has said something. */
  Socket client(byte[] said) throws IOException {
    Socket client = keep(new Socket());
    client.connect(listener.address(), 5_000);
    client.setSoTimeout(20_000);
    client.setTcpNoDelay(true);
    client.getOutputStream().write(said);
    return client;
  }

  /** The next connection that the backend of a pool gets. */
  Socket at(String pool) throws Exception {
    return keep(backends.get(pool).next());
  }

  private <T extends AutoCloseable> T keep(T mine) {
    ours.add(mine);
    return mine;
  }

  /** Waits for the end of the next session and gives what was said of it. */
  End end() {
    await().atMost(SOON).until(() -> !ends.isEmpty());
    return ends.poll();
  }

  /** Waits until nothing is open and everything is given back. */
  void settled() {
    await().atMost(SOON).until(() -> listener.openConnections() == 0);
    await().atMost(SOON).until(() -> loops.budget().upstreamConnections() == 0);
    await().atMost(SOON).until(() -> leased.stream().allMatch(b -> b.load() == 0));
    await()
        .atMost(SOON)
        .until(() -> loops.get(0).loop().submit(() -> loops.get(0).wheel().armed()).get() == 0);
  }

  @Override
  public void close() throws Exception {
    listener.retire(Duration.ZERO).get(10, TimeUnit.SECONDS);
    for (AutoCloseable mine : ours) {
      mine.close();
    }
    loops.close();
  }

  private final class Notes implements LbObserver {
    @Override
    public void connectionClosed(int loop, String name, Cause cause) {
      closed.add(cause);
    }

    @Override
    public void proxyHeader(int loop, String name, ProxyHeader header) {
      headers.add(header);
    }

    @Override
    public void sessionEnded(EndSummary end) {
      ends.add(
          new End(
              end.cause(),
              end.route(),
              end.pool(),
              text(end, Text.SNI),
              text(end, Text.ALPN),
              text(end, Text.REQUEST_ID)));
    }

    private String text(EndSummary end, Text which) {
      byte[] into = new byte[2048];
      int length = end.copy(which, into);
      return length < 0 ? null : new String(into, 0, length, ISO_8859_1);
    }
  }
}
