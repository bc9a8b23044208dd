package dev.weir.core.config;

/**
 * One server of one pool.
 *
 * @param address where it listens; the host may be a name
 * @param weight its share, 0..1000; 0 takes no new traffic; default 100
 * @param backup used only while no other backend of the pool is eligible; default false
 * @param state what the operator wants; default READY
 */
public record BackendConfig(HostPort address, Integer weight, Boolean backup, AdminState state) {
  /** Fills in defaults. */
  public BackendConfig {
    weight = weight == null ? 100 : weight;
    backup = backup != null && backup;
    state = state == null ? AdminState.READY : state;
  }
}
