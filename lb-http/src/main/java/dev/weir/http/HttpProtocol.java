package dev.weir.http;

import dev.weir.core.backend.Backend;
import dev.weir.core.backend.DetectorState;
import dev.weir.core.backend.Health;
import dev.weir.core.config.ListenerConfig;
import dev.weir.core.config.Problem;
import dev.weir.core.control.WallClock;
import dev.weir.core.net.ConnectionHandler;
import dev.weir.core.net.Loops;
import dev.weir.core.observe.LbObserver;
import dev.weir.core.pool.Pool;
import dev.weir.core.runtime.Protocol;
import java.util.Collection;
import java.util.List;
import java.util.function.Consumer;

/**
 * HTTP/1.1 for listeners. One object for the process: it holds what each event loop keeps. To be
 * registered as an observer too, so that requests which wait for a backend that is taken out are
 * sent to another.
 */
public final class HttpProtocol implements Protocol, LbObserver {
  private final HttpLoops loops;

  /** Ready to serve on these loops. */
  public HttpProtocol(Loops loops, WallClock clock) {
    this.loops = new HttpLoops(loops, clock);
  }

  @Override
  public String name() {
    return "http";
  }

  @Override
  public void check(String path, ListenerConfig config, Consumer<Problem> problems) {
    RouteChecks.check(path, config, problems);
  }

  @Override
  public ConnectionHandler handler(Scope scope) {
    List<Pool> alive = List.copyOf(scope.pools().values());
    loops.onEach(loop -> loop.retain(alive));
    return new HttpHandler(scope, loops);
  }

  @Override
  public void retired(Collection<Backend> backends) {
    List<Backend> gone = List.copyOf(backends);
    loops.onEach(loop -> loop.retire(gone));
  }

  @Override
  public void healthChanged(Backend backend, Health from, Health to, String reason) {
    if (to == Health.UNHEALTHY) {
      loops.onEach(loop -> loop.rescue(backend));
    }
  }

  @Override
  public void detectorChanged(
      Backend backend, DetectorState from, DetectorState to, String reason) {
    if (to == DetectorState.EJECTED) {
      loops.onEach(loop -> loop.rescue(backend));
    }
  }
}
