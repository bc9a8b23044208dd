package dev.weir.server;

import dev.weir.admin.AdminServer;
import dev.weir.admin.AdminSetup;
import dev.weir.admin.auth.AdminToken;
import dev.weir.admin.metrics.Metrics;
import dev.weir.admin.metrics.TrafficMetrics;
import dev.weir.core.config.AccessLogConfig;
import dev.weir.core.config.ConfigBinder;
import dev.weir.core.config.ConfigException;
import dev.weir.core.config.ConfigReader;
import dev.weir.core.config.Document;
import dev.weir.core.config.HostPort;
import dev.weir.core.config.LbConfig;
import dev.weir.core.config.Problem;
import dev.weir.core.config.ProcessConfig;
import dev.weir.core.config.ProcessConfig.Shutdown;
import dev.weir.core.control.ThreadControlLoop;
import dev.weir.core.control.Ticker;
import dev.weir.core.control.WallClock;
import dev.weir.core.net.ConnectionBudget;
import dev.weir.core.net.DnsResolver;
import dev.weir.core.net.Loops;
import dev.weir.core.net.OpenListener;
import dev.weir.core.net.Pipes;
import dev.weir.core.net.PlainResponder;
import dev.weir.core.net.Transport;
import dev.weir.core.observe.LbObserver;
import dev.weir.core.observe.Observers;
import dev.weir.core.observe.log.AccessLog;
import dev.weir.core.runtime.ChangeResult;
import dev.weir.core.runtime.ChangeResult.Invalid;
import dev.weir.core.runtime.Drained;
import dev.weir.core.runtime.Parts;
import dev.weir.core.runtime.Runtime;
import dev.weir.core.store.ConfigStore;
import dev.weir.core.store.FileConfigStore;
import dev.weir.core.store.StoreNotice;
import dev.weir.http.HttpProtocol;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A whole balancer: {@link #start} builds everything in order, {@link #close} takes it down in
 * reverse. Made by the run and demo commands, and by tests. Nothing else wires parts together.
 */
public final class LbServer implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(LbServer.class);

  private final Options options;
  private final Ticker ticker = Ticker.system();
  private final WallClock wall = WallClock.system();
  private final SplittableRandom random = new SplittableRandom(new SecureRandom().nextLong());
  private final ConfigBinder binder = ConfigBinder.ofProcess();
  private final Deque<AutoCloseable> open = new ArrayDeque<>();
  private ExecutorService worker;
  private AccessLog accessLog;
  private Runtime runtime;
  private PlainResponder responder;
  private AdminServer admin;

  private LbServer(Options options) {
    this.options = options;
  }

  /**
   * What to start.
   *
   * @param config the configuration file
   * @param discardApiChanges whether to forget what was changed through the API
   * @param observers take all events besides the metrics
   */
  public record Options(Path config, boolean discardApiChanges, List<LbObserver> observers) {
    /** Without further observers. */
    public Options(Path config, boolean discardApiChanges) {
      this(config, discardApiChanges, List.of());
    }
  }

  /**
   * Starts everything; traffic is served when it returns. Blocks.
   *
   * @throws ConfigException with everything that is wrong with the configuration
   * @throws IOException naming the address or file that cannot be used
   */
  public static LbServer start(Options options) throws ConfigException, IOException {
    LbServer server = new LbServer(options);
    boolean started = false;
    try {
      server.build();
      started = true;
      return server;
    } finally {
      if (!started) {
        server.close();
      }
    }
  }

  private void check(Document effective) throws ConfigException {
    Optional<Problem> refused = AdminServer.check(binder.bind(effective).admin());
    if (refused.isPresent()) {
      throw new ConfigException(List.of(effective.locate(refused.get())));
    }
  }

  private void build() throws ConfigException, IOException {
    Document file = ConfigReader.read(options.config());
    Path state = Path.of(binder.bind(file).admin().state());
    FileConfigStore store = keep(FileConfigStore.open(state, LbServer::noticed));
    ConfigStore.Stored boot =
        new Boot(store, wall, this::check).state(file, options.discardApiChanges());
    LbConfig config = binder.bind(boot.effective());

    Loops loops = loops(config.process());
    TrafficMetrics traffic = new TrafficMetrics(loops.size());
    runtime = keep(Runtime.start(parts(config, loops, store, traffic), boot));
    runtime.snapshot().listeners().values().forEach(this::opened);

    String version = Version.read().version();
    Metrics metrics = keep(new Metrics(traffic, runtime, loops, ticker, version));
    responder =
        keep(
            PlainResponder.open(config.metrics().bind(), HealthPages.of(runtime, metrics), ticker));
    LOG.info("health and metrics on {}", text(responder.address()));

    AdminToken token = AdminToken.loadOrCreate(state, new SecureRandom());
    admin =
        keep(
            AdminServer.start(
                new AdminSetup(
                    config.admin(), runtime, token, traffic, this::reload, version, ticker)));
    HostPort at = new HostPort(config.admin().bind().host(), admin.port());
    LOG.info("admin API on {}, its token is in {}", at, state.resolve(AdminToken.FILE));
  }

  private Loops loops(ProcessConfig process) throws ConfigException {
    ConnectionBudget budget = keep(ConnectionBudget.ofProcess(process.maxConnections()));
    int count =
        process.loops() != null
            ? process.loops()
            : java.lang.Runtime.getRuntime().availableProcessors();
    try {
      Transport transport = Transport.of(process.transport());
      boolean splices = !process.splice().equals("off");
      Pipes pipes = keep(splices ? Pipes.ofProcess(budget.openFiles()) : Pipes.none());
      return keep(new Loops(transport, count, ticker, random.split(), budget, pipes));
    } catch (IllegalArgumentException unavailable) {
      throw new ConfigException(
          List.of(Problem.at("/process/transport", unavailable.getMessage())));
    }
  }

  private Parts parts(LbConfig config, Loops loops, ConfigStore store, TrafficMetrics traffic)
      throws ConfigException {
    ThreadControlLoop control = keep(new ThreadControlLoop(ticker));
    worker = Executors.newSingleThreadExecutor(LbServer::workerThread);
    open.push(worker::shutdown);
    HttpProtocol http = new HttpProtocol(loops, wall);
    List<LbObserver> observers = new ArrayList<>(List.of(traffic, new EventLog(), http));
    openAccessLog(config.accessLog(), loops).ifPresent(observers::add);
    observers.addAll(options.observers());
    return new Parts(
        binder,
        Extensions.plugins(loops, random.split()),
        Extensions.protocols(http),
        loops,
        (name, listener, handler) -> OpenListener.open(name, listener, loops, handler),
        store,
        control,
        worker,
        keep(new DnsResolver(loops)),
        Observers.of(observers),
        wall,
        random.split());
  }

  private Optional<AccessLog> openAccessLog(AccessLogConfig config, Loops loops)
      throws ConfigException {
    if (config.off()) {
      return Optional.empty();
    }
    try {
      accessLog = keep(new AccessLog(config, loops.size(), wall, System.out));
      return Optional.of(accessLog);
    } catch (IllegalArgumentException | IOException unusable) {
      String path = unusable instanceof IOException ? "/accessLog/to" : "/accessLog/format";
      throw new ConfigException(List.of(Problem.at(path, unusable.getMessage())));
    }
  }

  /** Opens the access log's file anew, after it was moved away. Any thread. */
  public void reopenLogs() {
    if (accessLog != null) {
      accessLog.reopen();
    }
  }

  private <T extends AutoCloseable> T keep(T part) {
    open.push(part);
    return part;
  }

  private static Thread workerThread(Runnable task) {
    Thread thread = new Thread(task, "weir-worker");
    thread.setDaemon(true);
    return thread;
  }

  private static void noticed(StoreNotice notice) {
    LOG.warn("state: {}", notice.message());
  }

  private void opened(OpenListener listener) {
    String protocol = runtime.snapshot().config().listeners().get(listener.name()).protocol();
    LOG.info("listener {} ({}) on {}", listener.name(), protocol, listener.where());
  }

  private static String text(InetSocketAddress address) {
    return new HostPort(address.getAddress().getHostAddress(), address.getPort()).toString();
  }

  /** Reads the file again and applies it. Any thread; completes on a worker. */
  public CompletableFuture<ChangeResult> reload(String author) {
    return CompletableFuture.supplyAsync(this::read, worker)
        .thenCompose(
            read ->
                read.problems().isEmpty()
                    ? runtime.reload(read.document(), author)
                    : CompletableFuture.completedFuture(new Invalid(read.problems())));
  }

  private record Read(Document document, List<Problem> problems) {}

  private Read read() {
    try {
      return new Read(ConfigReader.read(options.config()), List.of());
    } catch (ConfigException wrong) {
      return new Read(null, wrong.problems());
    }
  }

  /** How the configuration wants the process to end. */
  public Shutdown shutdown() {
    return runtime.snapshot().config().process().shutdown();
  }

  /**
   * Ends gracefully: not ready from now on, no accepting after the delay, done when nothing is open
   * or the deadline is over. A second call ends at once. {@link #close} is still to be called.
   */
  public CompletableFuture<Drained> drain(Shutdown times) {
    return runtime.drain(times);
  }

  /** Client connections open now. */
  public int connections() {
    return runtime.openConnections();
  }

  /** The bound address of a listener, which must exist. */
  public InetSocketAddress address(String listener) {
    return runtime.snapshot().listeners().get(listener).address();
  }

  /** The bound address of the health pages. */
  public InetSocketAddress metricsAddress() {
    return responder.address();
  }

  /** The port of the admin API. */
  public int adminPort() {
    return admin.port();
  }

  /** Takes everything down, in reverse order; what is still open is cut. */
  @Override
  public void close() {
    while (!open.isEmpty()) {
      AutoCloseable part = open.pop();
      try {
        part.close();
      } catch (Exception failure) {
        LOG.warn("closing {}: {}", part.getClass().getSimpleName(), failure.toString());
      }
    }
  }
}
