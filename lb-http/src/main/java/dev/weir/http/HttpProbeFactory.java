package dev.weir.http;

import dev.weir.core.config.HealthConfig;
import dev.weir.core.config.PoolConfig;
import dev.weir.core.config.Problem;
import dev.weir.core.health.Probe;
import dev.weir.core.net.Loops;
import dev.weir.core.plugin.ProbeFactory;
import java.util.function.Consumer;

/** Makes the probes of {@code health: {http: {...}}}. */
public final class HttpProbeFactory implements ProbeFactory {
  private final Loops loops;

  /** Probes will run on these loops. */
  public HttpProbeFactory(Loops loops) {
    this.loops = loops;
  }

  @Override
  public String name() {
    return "http";
  }

  @Override
  public Probe create(PoolConfig pool, String path, Consumer<Problem> problems) {
    HealthConfig.Http http = pool.health().http();
    for (byte b : Chars.bytes(http.path())) {
      if (!Chars.is(b, Chars.TARGET)) {
        problems.accept(
            Problem.at(path + "/http/path", "holds a character that no request target can hold"));
        break;
      }
    }
    if (!http.path().startsWith("/")) {
      problems.accept(Problem.at(path + "/http/path", "must begin with /"));
    }
    StatusSet expected = StatusSet.none();
    for (int i = 0; i < http.expect().size(); i++) {
      try {
        expected = expected.with(http.expect().get(i));
      } catch (IllegalArgumentException bad) {
        problems.accept(Problem.at(path + "/http/expect/" + i, bad.getMessage()));
      }
    }
    return new HttpProbe(loops, pool, expected);
  }
}
