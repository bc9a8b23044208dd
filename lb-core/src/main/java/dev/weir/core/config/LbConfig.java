package dev.weir.core.config;

import java.util.Map;

/** The whole configuration: data only, defaults filled in, checked by {@link ConfigBinder}. */
public record LbConfig(
    @Describe("The admin API.") AdminConfig admin,
    @Describe("Liveness, readiness and metrics, apart from the admin API.") MetricsConfig metrics,
    @Describe("What concerns the whole process; changed by a restart only.") ProcessConfig process,
    @Describe("One line for each exchange and session; changed by a restart only.")
        AccessLogConfig accessLog,
    @Describe("Addresses we accept on, by name.") Map<String, ListenerConfig> listeners,
    @Describe("Pools of backends, by name.") Map<String, PoolConfig> pools) {
  /** Fills in defaults; the maps keep the order of the file. */
  public LbConfig {
    admin = admin == null ? new AdminConfig(null, null) : admin;
    metrics = metrics == null ? new MetricsConfig(null) : metrics;
    process = process == null ? new ProcessConfig(null, null, null, null, null) : process;
    accessLog = accessLog == null ? new AccessLogConfig(null, null, null) : accessLog;
    listeners = Copies.ordered(listeners);
    pools = Copies.ordered(pools);
  }
}
