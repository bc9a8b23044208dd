package dev.weir.core.config;

/**
 * One server of one pool.
 *
 * @param address where it listens; the host may be a name
 * @param weight its share, 0..1000; 0 takes no new traffic; default 100
 * @param backup used only while no other backend of the pool is eligible; default false
 * @param state what the operator wants; default READY
 */
public record BackendConfig(
    @Describe(
            value =
                "Where the backend listens: host:port, the host may be a name; unix:/path; or"
                    + " host:+n, the port that the client came to plus n.",
            form = Form.ADDRESS,
            required = true)
        HostPort address,
    @Describe(
            value = "Its share; 0 takes no new traffic.",
            defaults = "100",
            min = "0",
            max = "1000")
        Integer weight,
    @Describe(
            value = "Used only while no other backend of the pool is eligible.",
            defaults = "false")
        Boolean backup,
    @Describe(
            value =
                "READY serves; DRAIN finishes what runs and starts nothing new; MAINT is out of"
                    + " service.",
            defaults = "READY")
        AdminState state) {
  /** Fills in defaults. */
  public BackendConfig {
    weight = weight == null ? 100 : weight;
    backup = backup != null && backup;
    state = state == null ? AdminState.READY : state;
  }
}
