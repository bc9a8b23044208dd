package dev.weir.server;

import dev.weir.core.backend.Backend;
import dev.weir.core.backend.DetectorState;
import dev.weir.core.backend.Health;
import dev.weir.core.config.AdminState;
import dev.weir.core.observe.LbObserver;
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
  public void applied(long generation, String author, String reason) {
    LOG.info(
        "generation {} is running, by {}{}",
        generation,
        author,
        reason.isEmpty() ? "" : ": " + reason);
  }
}
