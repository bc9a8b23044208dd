package dev.weir.http;

import dev.weir.core.backend.Backend;
import dev.weir.core.control.WallClock;
import dev.weir.core.net.LoopContext;
import dev.weir.core.net.Loops;
import dev.weir.core.net.Transport;
import java.util.List;
import java.util.function.Consumer;

/** What HTTP keeps, for all event loops. Any thread may post to them through this. */
final class HttpLoops {
  static final int MAX_IDLE_PER_BACKEND = 64;

  private final Transport transport;
  private final List<HttpLoop> loops;

  HttpLoops(Loops of, WallClock clock) {
    transport = of.transport();
    // A quarter of the process's descriptors for the idle connections of all loops together.
    int maxIdle = Math.max(MAX_IDLE_PER_BACKEND, of.budget().openFiles() / 4 / of.size());
    loops = of.all().stream().map(context -> new HttpLoop(context, this, clock, maxIdle)).toList();
  }

  Transport transport() {
    return transport;
  }

  int size() {
    return loops.size();
  }

  HttpLoop of(LoopContext loop) {
    return loops.get(loop.index());
  }

  /** Runs a task on each loop, soon. */
  void onEach(Consumer<HttpLoop> task) {
    loops.forEach(loop -> loop.context.loop().execute(() -> task.accept(loop)));
  }

  void closeOneIdle(Backend backend, HttpLoop except) {
    for (HttpLoop loop : loops) {
      if (loop != except) {
        loop.context.loop().execute(() -> loop.of(backend).idle().closeOne());
      }
    }
  }
}
