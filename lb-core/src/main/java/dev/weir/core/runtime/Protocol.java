package dev.weir.core.runtime;

import dev.weir.core.backend.Backend;
import dev.weir.core.config.ListenerConfig;
import dev.weir.core.config.Problem;
import dev.weir.core.net.ListenerHandler;
import dev.weir.core.net.Loops;
import dev.weir.core.observe.LbObserver;
import dev.weir.core.pool.Pool;
import java.util.Collection;
import java.util.Map;
import java.util.function.Consumer;

/** A protocol that listeners can speak; the composition root registers them with the runtime. */
public interface Protocol {
  /** The value of {@code protocol:} in the configuration. */
  String name();

  /**
   * Finds what only the protocol can find wrong, such as routes that can never match. References to
   * pools have been checked.
   *
   * @param path JSON pointer of the listener
   */
  void check(String path, ListenerConfig config, Consumer<Problem> problems);

  /**
   * What handles connections, or datagrams, of a checked listener; cannot fail. Its kind, the same
   * each time, says which sockets the listener needs. Called off the event loops.
   */
  ListenerHandler handler(Scope scope);

  /** These backends have left the configuration: what is idle towards them is closed. */
  void retired(Collection<Backend> backends);

  /**
   * What a handler works with.
   *
   * @param pools every pool by name
   */
  record Scope(
      String listener,
      ListenerConfig config,
      Map<String, Pool> pools,
      Loops loops,
      LbObserver observer) {}
}
