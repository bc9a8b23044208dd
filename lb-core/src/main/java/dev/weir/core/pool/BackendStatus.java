package dev.weir.core.pool;

import dev.weir.core.backend.DetectorState;
import dev.weir.core.backend.Health;
import dev.weir.core.config.AdminState;
import dev.weir.core.config.HostPort;
import dev.weir.core.health.ProbeResult;
import java.util.List;

/**
 * What is known of a backend at one moment, for people.
 *
 * @param reason in one sentence why it is in or out
 * @param sinceEpochMillis since when it is in or out
 * @param load leases held
 * @param lastProbes newest first, at most ten
 */
public record BackendStatus(
    String pool,
    String name,
    HostPort address,
    String resolved,
    int weight,
    boolean backup,
    AdminState admin,
    Health health,
    DetectorState detector,
    boolean eligible,
    String reason,
    long sinceEpochMillis,
    int load,
    List<TimedProbe> lastProbes) {

  /** A probe result with its time of day. */
  public record TimedProbe(long epochMillis, ProbeResult result) {}
}
