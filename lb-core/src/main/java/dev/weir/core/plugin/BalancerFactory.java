package dev.weir.core.plugin;

import dev.weir.core.balance.Balancer;
import dev.weir.core.config.Problem;
import java.util.Map;
import java.util.function.Consumer;

/** Makes balancers of one algorithm. */
public interface BalancerFactory {
  /** The algorithm's name in the configuration, such as {@code round-robin}. */
  String name();

  /**
   * A balancer as configured.
   *
   * @param options raw options; unknown ones are problems
   * @param path JSON pointer of the balance block
   * @param problems takes what is wrong; the result is not used then
   */
  Balancer create(Map<String, Object> options, String path, Consumer<Problem> problems);
}
