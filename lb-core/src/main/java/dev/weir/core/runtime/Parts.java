package dev.weir.core.runtime;

import dev.weir.core.config.ConfigBinder;
import dev.weir.core.config.ListenerConfig;
import dev.weir.core.control.ControlLoop;
import dev.weir.core.control.WallClock;
import dev.weir.core.discovery.Resolver;
import dev.weir.core.net.ListenerHandler;
import dev.weir.core.net.Loops;
import dev.weir.core.net.OpenListener;
import dev.weir.core.observe.LbObserver;
import dev.weir.core.plugin.Plugins;
import dev.weir.core.plugin.Registry;
import dev.weir.core.store.ConfigStore;
import java.io.IOException;
import java.util.concurrent.Executor;
import java.util.random.RandomGenerator.SplittableGenerator;

/**
 * What a runtime works with; made, owned and closed by the composition root.
 *
 * @param binder checks and types configurations
 * @param sockets opens listeners
 * @param worker runs changes, which may block on the disk; one thread is enough, tasks must run in
 *     order
 * @param observer takes all events; must not throw, see {@link dev.weir.core.observe.Observers}
 * @param random for jitter; split once for each pool
 */
public record Parts(
    ConfigBinder binder,
    Plugins plugins,
    Registry<Protocol> protocols,
    Loops loops,
    Sockets sockets,
    ConfigStore store,
    ControlLoop control,
    Executor worker,
    Resolver resolver,
    LbObserver observer,
    WallClock wall,
    SplittableGenerator random) {

  /** Opens a listener, of the kind that its handler needs. */
  @FunctionalInterface
  public interface Sockets {
    /**
     * Opens the sockets and begins to accept; blocks.
     *
     * @throws IOException naming the listener and the address, when it cannot be bound
     */
    OpenListener open(String name, ListenerConfig config, ListenerHandler handler)
        throws IOException;
  }
}
