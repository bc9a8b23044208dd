package dev.weir.tcp;

import dev.weir.core.backend.Backend;
import dev.weir.core.config.ListenerConfig;
import dev.weir.core.config.Problem;
import dev.weir.core.net.ConnectionHandler;
import dev.weir.core.runtime.Protocol;
import java.util.Collection;
import java.util.function.Consumer;

/** {@code protocol: tcp}: every connection of the listener goes to one pool. */
public final class TcpProtocol implements Protocol {
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
    TcpService service = TcpService.of(scope);
    return (child, loop, listener) -> TcpSession.begin(child, loop, service);
  }

  /** Nothing is kept idle towards a backend. */
  @Override
  public void retired(Collection<Backend> backends) {}
}
