package dev.weir.core.plugin;

import dev.weir.core.config.PoolConfig;
import dev.weir.core.config.Problem;
import dev.weir.core.health.Probe;
import dev.weir.core.net.Loops;
import dev.weir.core.net.TcpProbe;
import java.util.function.Consumer;

/** Makes the probes of {@code health: {tcp: {}}}. */
public final class TcpProbeFactory implements ProbeFactory {
  private final Loops loops;

  /** Probes will run on these loops. */
  public TcpProbeFactory(Loops loops) {
    this.loops = loops;
  }

  @Override
  public String name() {
    return "tcp";
  }

  @Override
  public Probe create(PoolConfig pool, String path, Consumer<Problem> problems) {
    return new TcpProbe(loops, pool);
  }
}
