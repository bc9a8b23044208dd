package dev.weir.core.pool;

import dev.weir.core.backend.Backend;
import dev.weir.core.backend.DetectorState;
import dev.weir.core.backend.Health;
import dev.weir.core.config.AdminState;
import dev.weir.core.config.BackendConfig;
import dev.weir.core.discovery.HostWatch;

/** Says in one sentence why a backend is in or out. */
final class Reasons {
  private Reasons() {}

  /**
   * What the backend itself does not know.
   *
   * @param health what the last change of health was for; may be empty
   * @param detector what the last change of the detector was for; may be empty
   */
  record Known(String health, String detector, HostWatch host) {}

  static String of(Backend backend, BackendConfig config, Known known) {
    if (backend.admin() == AdminState.MAINT) {
      return "out of service by the operator; not probed";
    }
    if (backend.admin() == AdminState.DRAIN) {
      return "draining by the operator: what runs may finish, nothing new comes";
    }
    if (backend.socketAddress() == null) {
      return "host name %s has no address yet: %s"
          .formatted(backend.address().host(), known.host().failure());
    }
    if (backend.health() == Health.UNHEALTHY) {
      return "probes fail: " + known.health();
    }
    if (backend.detector() == DetectorState.EJECTED) {
      boolean disputed = !known.health().isEmpty();
      return "taken out by traffic: %s%s"
          .formatted(known.detector(), disputed ? "; probes do not say so (disputed)" : "");
    }
    if (backend.health() == Health.CHECKING) {
      return backend.eligible()
          ? "not probed yet; in because the process has just started"
          : "not probed successfully yet";
    }
    return in(backend, config, known);
  }

  private static String in(Backend backend, BackendConfig config, Known known) {
    if (config.weight() == 0) {
      return "healthy, but weight 0: nothing new comes";
    }
    if (backend.detector() == DetectorState.SUSPECT) {
      return "in, under suspicion by traffic: " + known.detector();
    }
    String backup = config.backup() ? "backup, used when no other is left; " : "";
    return backup + (known.health().isEmpty() ? "in; no active checks" : "in; " + known.health());
  }
}
