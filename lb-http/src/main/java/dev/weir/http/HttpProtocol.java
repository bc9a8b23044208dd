package dev.weir.http;

import dev.weir.core.backend.Backend;
import dev.weir.core.config.ListenerConfig;
import dev.weir.core.config.Problem;
import dev.weir.core.control.WallClock;
import dev.weir.core.net.ConnectionHandler;
import dev.weir.core.net.LoopContext;
import dev.weir.core.net.Loops;
import dev.weir.core.runtime.Protocol;
import java.util.Collection;
import java.util.List;
import java.util.function.Consumer;

/** HTTP/1.1 for listeners. One object for the process: it holds what each event loop keeps. */
public final class HttpProtocol implements Protocol {
  private static final int MAX_IDLE_PER_BACKEND = 64;

  private final HttpLoop[] loops;

  /** Ready to serve on these loops. */
  public HttpProtocol(Loops loops, WallClock clock) {
    this.loops =
        loops.all().stream()
            .map(c -> new HttpLoop(c, loops.transport(), clock, MAX_IDLE_PER_BACKEND))
            .toArray(HttpLoop[]::new);
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
    return new HttpHandler(scope, loops);
  }

  @Override
  public void retired(Collection<Backend> backends) {
    List<Backend> gone = List.copyOf(backends);
    for (HttpLoop loop : loops) {
      LoopContext context = loop.context;
      context.loop().execute(() -> loop.retire(gone));
    }
  }
}
