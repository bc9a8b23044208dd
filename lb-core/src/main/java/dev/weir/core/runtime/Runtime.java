package dev.weir.core.runtime;

import dev.weir.core.config.ConfigException;
import dev.weir.core.config.Document;
import dev.weir.core.config.ProcessConfig;
import dev.weir.core.store.ConfigStore;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;

/**
 * What runs: the snapshot, and the only way to change it. Everything outside the data path (admin
 * API, signals, command line) talks to the balancer through this.
 */
public final class Runtime implements AutoCloseable {
  private volatile Snapshot snapshot;

  private Runtime() {}

  /**
   * Builds everything and begins to serve: pools, then listeners, then health checks. May block for
   * the binds.
   *
   * @param boot the state to run; must be what the store holds, and its generation the store's
   * @throws ConfigException with everything that is wrong; nothing is open then
   * @throws IOException naming the listener that cannot be bound; nothing is open then
   */
  public static Runtime start(Parts parts, ConfigStore.Stored boot)
      throws ConfigException, IOException {
    throw new UnsupportedOperationException("start " + parts + boot);
  }

  /** The running configuration. Any thread. */
  public Snapshot snapshot() {
    return snapshot;
  }

  /** Checks, stores and applies a change, all or nothing. Any thread; completes on a worker. */
  public CompletableFuture<ChangeResult> change(ChangeRequest request) {
    throw new UnsupportedOperationException("change " + request);
  }

  /**
   * The file was read again: its document becomes the base, changes made through the API are kept
   * where they do not touch what the file changed.
   */
  public CompletableFuture<ChangeResult> reload(Document base, String author) {
    throw new UnsupportedOperationException("reload " + base + author);
  }

  /** Whether this process wants traffic: started, and not ending. Any thread. */
  public boolean ready() {
    return snapshot != null;
  }

  /**
   * Ends gracefully: not {@link #ready} from now on; after {@code preDelay} nothing is accepted any
   * more, and what is open may finish until {@code drain} or {@code hard} is over. Done as soon as
   * nothing is open. A second call ends at once. Any thread; {@link #close} is still to be called.
   */
  public CompletableFuture<Drained> drain(ProcessConfig.Shutdown times) {
    throw new UnsupportedOperationException("drain " + times);
  }

  /** Client connections open now, over all listeners. Any thread; may lag by a moment. */
  public int openConnections() {
    return 0;
  }

  /** Stops everything at once. The parts stay open; they belong to whoever made them. */
  @Override
  public void close() {}
}
