package dev.weir.core.config;

import java.util.Map;

/** The whole configuration: data only, defaults filled in, checked by {@link ConfigBinder}. */
public record LbConfig(
    AdminConfig admin,
    MetricsConfig metrics,
    ProcessConfig process,
    Map<String, ListenerConfig> listeners,
    Map<String, PoolConfig> pools) {
  /** Fills in defaults; the maps keep the order of the file. */
  public LbConfig {
    admin = admin == null ? new AdminConfig(null, null) : admin;
    metrics = metrics == null ? new MetricsConfig(null) : metrics;
    process = process == null ? new ProcessConfig(null, null, null, null) : process;
    listeners = Copies.ordered(listeners);
    pools = Copies.ordered(pools);
  }
}
