package dev.weir.core.plugin;

import dev.weir.core.config.PoolConfig;
import dev.weir.core.config.Problem;
import dev.weir.core.health.Probe;
import java.util.function.Consumer;

/** Makes probes of one kind. */
public interface ProbeFactory {
  /** The key under {@code health:} in the configuration, such as {@code http}. */
  String name();

  /**
   * A probe as configured.
   *
   * @param pool has a health block; what else it says of connections to backends holds for probes
   * @param path JSON pointer of the health block
   * @param problems takes what is wrong; the result is not used then
   */
  Probe create(PoolConfig pool, String path, Consumer<Problem> problems);
}
