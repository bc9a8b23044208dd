package dev.weir.core.pool;

import dev.weir.core.backend.Backend;
import dev.weir.core.backend.DetectorState;
import dev.weir.core.backend.Health;
import dev.weir.core.config.AdminState;
import dev.weir.core.observe.LbObserver;
import java.util.List;

/** Writes down every change of a backend's states as {@code name FROM>TO}. */
record StateEvents(List<String> events) implements LbObserver {
  @Override
  public void healthChanged(Backend backend, Health from, Health to, String reason) {
    add(backend, from, to);
  }

  @Override
  public void detectorChanged(
      Backend backend, DetectorState from, DetectorState to, String reason) {
    add(backend, from, to);
  }

  @Override
  public void adminChanged(Backend backend, AdminState from, AdminState to) {
    add(backend, from, to);
  }

  private void add(Backend backend, Enum<?> from, Enum<?> to) {
    events.add(backend.name() + " " + from + ">" + to);
  }
}
