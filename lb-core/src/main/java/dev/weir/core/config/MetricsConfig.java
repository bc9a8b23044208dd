package dev.weir.core.config;

/**
 * {@code /livez}, {@code /readyz} and {@code /metrics}, served apart from the admin API so that
 * they answer when it is stuck.
 *
 * @param bind default 127.0.0.1:9901
 */
public record MetricsConfig(
    @Describe(
            value = "Where /livez, /readyz and /metrics are served.",
            defaults = "127.0.0.1:9901",
            form = Form.BIND)
        HostPort bind) {
  /** Fills in defaults. */
  public MetricsConfig {
    bind = bind == null ? new HostPort("127.0.0.1", 9901) : bind;
  }
}
