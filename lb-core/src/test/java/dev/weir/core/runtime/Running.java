package dev.weir.core.runtime;

import dev.weir.core.backend.Backend;
import dev.weir.core.config.ConfigBinder;
import dev.weir.core.config.Document;
import dev.weir.core.config.ListenerConfig;
import dev.weir.core.config.PoolConfig;
import dev.weir.core.config.Problem;
import dev.weir.core.control.ControlLoop.Cancellable;
import dev.weir.core.control.Ticker;
import dev.weir.core.health.Probe;
import dev.weir.core.health.ProbeResult;
import dev.weir.core.net.ConnectionHandler;
import dev.weir.core.net.Loops;
import dev.weir.core.net.OpenListener;
import dev.weir.core.net.Transport;
import dev.weir.core.observe.LbObserver;
import dev.weir.core.observe.ListenerState;
import dev.weir.core.plugin.Plugins;
import dev.weir.core.plugin.ProbeFactory;
import dev.weir.core.plugin.Registry;
import dev.weir.core.testing.ManualControlLoop;
import dev.weir.core.testing.ManualWallClock;
import dev.weir.core.testing.MemoryStore;
import dev.weir.core.testing.TestPools;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A runtime on a manual control loop with a store in memory, real listeners and fake protocols. */
final class Running implements AutoCloseable {
  static final JsonMapper JSON = JsonMapper.builder().build();

  final ManualControlLoop control = new ManualControlLoop();
  final Loops loops = new Loops(Transport.NIO, 1, Ticker.system(), new SplittableRandom(1));
  final List<Backend> retired = new ArrayList<>();
  final Map<String, Integer> handlersMade = new HashMap<>();
  final Set<String> failing = new HashSet<>();
  final List<Long> applied = new ArrayList<>();

  /** What pools and listeners have said of themselves. */
  final List<String> turns = new ArrayList<>();

  /** Of each probe that was made, and of each question that was asked, the PROXY header. */
  final List<String> probesMade = new ArrayList<>();

  final List<String> asked = new ArrayList<>();
  final MemoryStore store;
  final Parts parts;
  Runtime runtime;

  Running(String json) throws Exception {
    store = new MemoryStore(document(json));
    parts =
        new Parts(
            new ConfigBinder(name -> null),
            Plugins.load(new SplittableRandom(2), List.of(new FakeProbes())),
            new Registry<>("protocol", Protocol::name, List.of(new FakeProtocol())),
            loops,
            (name, listener, handler) -> OpenListener.open(name, listener, loops, handler),
            store,
            control,
            Runnable::run,
            TestPools.NOWHERE,
            new Observer(),
            new ManualWallClock(control.ticker()),
            new SplittableRandom(3));
  }

  Running start() throws Exception {
    runtime = Runtime.start(parts, store.stored());
    control.run();
    return this;
  }

  static Document document(String json) {
    return Document.of(json(json));
  }

  static JsonNode json(String text) {
    return JSON.readTree(text.replace('\'', '"'));
  }

  ChangeResult change(Edit edit) {
    return finish(request(edit, OptionalLong.empty(), false));
  }

  CompletableFuture<ChangeResult> request(Edit edit, OptionalLong expected, boolean dryRun) {
    return runtime.change(new ChangeRequest("tester", "test", expected, dryRun, edit));
  }

  ChangeResult finish(CompletableFuture<ChangeResult> result) {
    control.run();
    return result.getNow(null);
  }

  void pass(Duration time) {
    control.advance(time);
  }

  @Override
  public void close() {
    if (runtime != null) {
      runtime.close();
    }
    control.run();
    loops.close();
  }

  private final class Observer implements LbObserver {
    @Override
    public void applied(long generation, String author, String reason) {
      applied.add(generation);
    }

    @Override
    public void poolTurned(String pool, boolean eligible) {
      turns.add(pool + " " + eligible);
    }

    @Override
    public void listenerTurned(String listener, ListenerState state, String reason) {
      turns.add(listener + " " + state.code() + (reason.isEmpty() ? "" : ": " + reason));
    }
  }

  /** Accepts what ListenerConfig has, and closes every connection. */
  private final class FakeProtocol implements Protocol {
    @Override
    public String name() {
      return "tcp";
    }

    @Override
    public void check(String path, ListenerConfig config, Consumer<Problem> problems) {
      if ("poison".equals(config.pool())) {
        problems.accept(Problem.at(path + "/pool", "this pool is poison"));
      }
    }

    @Override
    public ConnectionHandler handler(Scope scope) {
      handlersMade.merge(scope.listener(), 1, Integer::sum);
      return (child, loop, listener) -> child.unsafe().closeForcibly();
    }

    @Override
    public void retired(Collection<Backend> backends) {
      retired.addAll(backends);
    }
  }

  /** Succeeds unless the target's port is among those failing. */
  private final class FakeProbes implements ProbeFactory {
    @Override
    public String name() {
      return "tcp";
    }

    @Override
    public Probe create(PoolConfig pool, String path, Consumer<Problem> problems) {
      probesMade.add(pool.proxyProtocol());
      return (target, authority, timeout, done) -> ask(pool, authority, done);
    }

    private Cancellable ask(PoolConfig pool, String authority, Consumer<ProbeResult> done) {
      asked.add(pool.proxyProtocol());
      boolean success = !failing.contains(authority);
      done.accept(new ProbeResult(success, success ? "connected" : "connection refused", 1000));
      return () -> {};
    }
  }
}
