package dev.weir.tcp;

import dev.weir.core.backend.Backend;
import dev.weir.core.config.ListenerConfig;
import dev.weir.core.config.Problem;
import dev.weir.core.limit.WaitQueue;
import dev.weir.core.net.ConnectionHandler;
import dev.weir.core.net.Loops;
import dev.weir.core.pool.Pool;
import dev.weir.core.runtime.Protocol;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.WeakHashMap;
import java.util.function.Consumer;

/** {@code protocol: tcp}: every connection of the listener goes to one pool. */
public final class TcpProtocol implements Protocol {
  private final Map<Pool, List<WaitQueue.Slot>> queues = new WeakHashMap<>();

  @Override
  public String name() {
    return "tcp";
  }

  @Override
  public void check(String path, ListenerConfig config, Consumer<Problem> problems) {
    if (config.pool() == null) {
      problems.accept(Problem.at(path, "a tcp listener needs a pool, and has none"));
    }
    if (!config.routes().isEmpty()) {
      problems.accept(
          Problem.at(path + "/routes", "a tcp listener has no routes; it leads to one pool"));
    }
  }

  @Override
  public ConnectionHandler handler(Scope scope) {
    Pool pool = scope.pools().get(scope.config().pool());
    scope.loops().pipes().prepare();
    return TcpService.of(scope, slots(pool, scope.loops()));
  }

  // The same for a pool through all changes of listeners: the pool keeps every queue it has given.
  private synchronized List<WaitQueue.Slot> slots(Pool pool, Loops loops) {
    return queues.computeIfAbsent(
        pool, of -> loops.all().stream().map(loop -> of.waiting().slot(loop.loop())).toList());
  }

  /** Nothing is kept idle towards a backend. */
  @Override
  public void retired(Collection<Backend> backends) {}
}
