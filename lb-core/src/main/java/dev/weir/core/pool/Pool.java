package dev.weir.core.pool;

import dev.weir.core.backend.Backend;
import dev.weir.core.balance.PickContext;
import dev.weir.core.config.PoolConfig;
import java.util.List;

/**
 * Named backends and how to choose among them. One object for as long as the pool's name exists;
 * what changes is its view, one volatile reference that each attempt reads once.
 */
public final class Pool {
  private final String name;
  private volatile PoolView view;

  Pool(String name, PoolView view) {
    this.name = name;
    this.view = view;
  }

  /** Its name. */
  public String name() {
    return name;
  }

  /** The configuration in force. */
  public PoolConfig config() {
    return view.config();
  }

  /**
   * Chooses a backend for one attempt; null when none will do. Any event loop; allocates nothing.
   */
  public Backend pick(PickContext context) {
    return view.pick(context);
  }

  /** All backends, eligible or not, in the order of the configuration. */
  public List<Backend> backends() {
    return view.backends();
  }

  /** What is known of every backend. Any thread. */
  public List<BackendStatus> status() {
    throw new UnsupportedOperationException("status");
  }
}
