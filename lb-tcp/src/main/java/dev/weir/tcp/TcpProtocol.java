package dev.weir.tcp;

import dev.weir.core.backend.Backend;
import dev.weir.core.config.ListenerConfig;
import dev.weir.core.config.Problem;
import dev.weir.core.config.RouteConfig;
import dev.weir.core.net.ConnectionHandler;
import dev.weir.core.runtime.Protocol;
import java.util.Collection;
import java.util.List;
import java.util.function.Consumer;

/**
 * {@code protocol: tcp}: each connection of the listener goes to one pool, which may depend on what
 * its TLS client asks for and where it comes from.
 */
public final class TcpProtocol implements Protocol {
  @Override
  public String name() {
    return "tcp";
  }

  @Override
  public void check(String path, ListenerConfig config, Consumer<Problem> problems) {
    List<RouteConfig> routes = TcpRoutes.routes(config);
    if (routes.isEmpty()) {
      problems.accept(Problem.at(path, "a tcp listener needs a pool or routes, and has neither"));
    }
    RouteCoverage coverage = new RouteCoverage();
    for (int i = 0; i < routes.size(); i++) {
      int by = coverage.coveredBy(routes.get(i));
      if (by >= 0) {
        String at = i < config.routes().size() ? path + "/routes/" + i : path + "/pool";
        problems.accept(
            Problem.at(at, "can never match: routes/" + by + " takes what is left for it"));
      }
      coverage.add(routes.get(i), i);
    }
  }

  @Override
  public ConnectionHandler handler(Scope scope) {
    scope.loops().pipes().prepare();
    return TcpService.of(scope);
  }

  /** Nothing is kept idle towards a backend. */
  @Override
  public void retired(Collection<Backend> backends) {}
}
