package dev.weir.core.runtime;

import dev.weir.core.config.Document;
import java.util.concurrent.CompletableFuture;

/**
 * What runs: the snapshot, and the only way to change it. Everything outside the data path (admin
 * API, signals, command line) talks to the balancer through this.
 */
public final class Runtime implements AutoCloseable {
  private volatile Snapshot snapshot;

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

  /** Stops everything at once. */
  @Override
  public void close() {}
}
