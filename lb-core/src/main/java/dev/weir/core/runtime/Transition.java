package dev.weir.core.runtime;

import dev.weir.core.backend.Backend;
import dev.weir.core.config.LbConfig;
import dev.weir.core.config.ListenerConfig;
import dev.weir.core.config.PoolConfig;
import dev.weir.core.net.ListenerHandler;
import dev.weir.core.net.OpenListener;
import dev.weir.core.observe.LbObserver;
import dev.weir.core.pool.Pool;
import dev.weir.core.pool.PoolChange;
import dev.weir.core.pool.PoolContext;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * From one running configuration to the next: {@link #prepare} builds the new beside the old on the
 * worker, {@link #commit} swaps on the control loop, the worker then retires what {@link
 * #retiredListeners} and {@link #removedBackends} name. Until the commit nothing that runs has
 * changed, and {@link #abandon} closes what was opened.
 */
final class Transition {
  private final Parts parts;
  private final PoolContext context;
  private final Snapshot before;
  private final Target target;

  private final Map<String, Pool> pools = new LinkedHashMap<>();
  private final List<Pool> newPools = new ArrayList<>();
  private final List<PoolChange> changes = new ArrayList<>();
  private final Map<String, OpenListener> listeners = new LinkedHashMap<>();
  private final Map<OpenListener, ListenerHandler> handlers = new LinkedHashMap<>();
  private final List<OpenListener> opened = new ArrayList<>();

  /**
   * A transition that has done nothing yet.
   *
   * @param before what runs; null when the process is just starting
   */
  Transition(Parts parts, PoolContext context, Snapshot before, Target target) {
    this.parts = parts;
    this.context = context;
    this.before = before;
    this.target = target;
  }

  /**
   * Builds pools, pickers and handlers, and opens new listeners.
   *
   * @throws IOException naming the listener that cannot be bound; nothing stays open then
   */
  void prepare() throws IOException {
    for (Map.Entry<String, PoolConfig> entry : target.config().pools().entrySet()) {
      preparePool(entry.getKey());
    }
    newPools.forEach(this::standIn);
    try {
      for (Map.Entry<String, ListenerConfig> entry : target.config().listeners().entrySet()) {
        prepareListener(entry.getKey(), entry.getValue());
      }
    } catch (IOException | RuntimeException failure) {
      abandon();
      throw failure;
    }
  }

  private void preparePool(String name) {
    Pool running = before == null ? null : before.pools().get(name);
    var spec = target.pools().get(name);
    if (running == null) {
      Consumer<Collection<Backend>> moved =
          gone -> parts.protocols().all().forEach(protocol -> protocol.retired(gone));
      running = new Pool(name, spec, context, moved, before == null);
      newPools.add(running);
    } else if (spec != null) {
      changes.add(running.prepare(spec));
    }
    pools.put(name, running);
  }

  /** Tells a pool, whose configuration is the target's, who stands in for it. */
  private void standIn(Pool pool) {
    String other = target.config().pools().get(pool.name()).allDown().pool();
    pool.standIn(other == null ? null : pools.get(other));
  }

  private void prepareListener(String name, ListenerConfig config) throws IOException {
    OpenListener running = before == null ? null : before.listeners().get(name);
    boolean sameAddress = running != null && running.bind().equals(config.bind());
    if (sameAddress && !affected(name, config)) {
      listeners.put(name, running);
      return;
    }
    ListenerHandler handler = handler(name, config);
    if (sameAddress && running.suits(handler)) {
      listeners.put(name, running);
      handlers.put(running, handler);
    } else {
      OpenListener fresh = parts.sockets().open(name, config, handler);
      opened.add(fresh);
      listeners.put(name, fresh);
    }
  }

  private ListenerHandler handler(String name, ListenerConfig config) {
    Protocol protocol = parts.protocols().find(config.protocol(), "", problem -> {});
    Map<String, Pool> all = Collections.unmodifiableMap(pools);
    LbObserver observer = parts.observer();
    return protocol.handler(new Protocol.Scope(name, config, all, parts.loops(), observer));
  }

  /** Whether the listener or a pool it leads to is another; backends do not matter. */
  private boolean affected(String name, ListenerConfig config) {
    LbConfig old = before.config();
    if (!config.equals(old.listeners().get(name))) {
      return true;
    }
    for (String pool : reachable(config)) {
      boolean sameObject = before.pools().get(pool) == pools.get(pool);
      PoolConfig was = old.pools().get(pool);
      PoolConfig is = target.config().pools().get(pool);
      if (!sameObject || was == null || !Plan.sameSettings(was, is)) {
        return true;
      }
    }
    return false;
  }

  /** The pools that it leads to, and those that stand in for them. */
  private Set<String> reachable(ListenerConfig config) {
    Set<String> reached = new HashSet<>();
    for (String name : leadsTo(config)) {
      String at = name;
      while (at != null && reached.add(at)) {
        at = target.config().pools().get(at).allDown().pool();
      }
    }
    return reached;
  }

  /** The pools that a listener leads to by itself. */
  static Set<String> leadsTo(ListenerConfig config) {
    return Stream.concat(
            Stream.ofNullable(config.pool()),
            config.routes().stream().flatMap(route -> route.leadsTo().stream()))
        .collect(Collectors.toSet());
  }

  /** Closes what was opened. */
  void abandon() {
    for (OpenListener listener : opened) {
      listener.close();
      listener.abort();
    }
    opened.clear();
  }

  /** Swaps: pools first, so that no handler leads to one that is not there. Control loop. */
  void commit() {
    changes.forEach(PoolChange::apply);
    changes.forEach(change -> standIn(change.pool()));
    newPools.forEach(Pool::start);
    handlers.forEach(OpenListener::replace);
  }

  Map<String, Pool> pools() {
    return Collections.unmodifiableMap(pools);
  }

  Map<String, OpenListener> listeners() {
    return Collections.unmodifiableMap(listeners);
  }

  List<OpenListener> retiredListeners() {
    return before == null
        ? List.of()
        : before.listeners().values().stream()
            .filter(listener -> !listeners.containsValue(listener))
            .toList();
  }

  List<Pool> removedPools() {
    return before.pools().values().stream().filter(pool -> pools.get(pool.name()) != pool).toList();
  }

  List<Backend> removedBackends() {
    List<Backend> removed = new ArrayList<>();
    changes.forEach(change -> removed.addAll(change.removed()));
    removedPools().forEach(pool -> removed.addAll(pool.backends()));
    return removed;
  }
}
