package dev.weir.server;

import dev.weir.core.backend.Backend;
import dev.weir.core.backend.DetectorState;
import dev.weir.core.backend.Health;
import dev.weir.core.config.AdminState;
import dev.weir.core.observe.LbObserver;
import dev.weir.core.observe.ListenerState;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes what changes about backends and the configuration to the log; called on the control loop.
 */
final class EventLog implements LbObserver {
  private static final Logger LOG = LoggerFactory.getLogger(EventLog.class);

  @Override
  public void healthChanged(Backend backend, Health from, Health to, String reason) {
    LOG.info("backend {}: {} -> {} ({})", backend.id(), from, to, reason);
  }

  @Override
  public void detectorChanged(
      Backend backend, DetectorState from, DetectorState to, String reason) {
    LOG.info("backend {}: traffic {} -> {} ({})", backend.id(), from, to, reason);
  }

  @Override
  public void adminChanged(Backend backend, AdminState from, AdminState to) {
    LOG.info("backend {}: admin state {} -> {}", backend.id(), from, to);
  }

  @Override
  public void poolTurned(String pool, boolean eligible) {
    if (eligible) {
      LOG.info("pool {}: somebody is eligible again", pool);
    } else {
      LOG.warn("pool {}: nobody is eligible any more", pool);
    }
  }

  @Override
  public void listenerTurned(String listener, ListenerState state, String reason) {
    switch (state) {
      case LISTENING -> LOG.info("listener {}: its sockets are open again", listener);
      case CLOSED -> LOG.warn("listener {}: its sockets are closed, {}", listener, reason);
      case STUCK -> LOG.error("{}; tried again every second", reason);
    }
  }

  @Override
  public void applied(long generation, String author, String reason) {
    LOG.info(
        "generation {} is running, by {}{}",
        generation,
        author,
        reason.isEmpty() ? "" : ": " + reason);
  }
}
