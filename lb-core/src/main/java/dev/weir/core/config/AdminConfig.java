package dev.weir.core.config;

/**
 * The admin API.
 *
 * @param bind where it listens; default 127.0.0.1:9900
 * @param state folder for runtime changes, tokens and history; default {@code ./state}, relative to
 *     the working directory
 */
public record AdminConfig(
    @Describe(value = "Where the admin API listens.", defaults = "127.0.0.1:9900", form = Form.BIND)
        HostPort bind,
    @Describe(
            value = "The folder for runtime changes and tokens, relative to the working directory.",
            defaults = "./state",
            min = "1")
        String state) {
  /** Fills in defaults. */
  public AdminConfig {
    bind = bind == null ? new HostPort("127.0.0.1", 9900) : bind;
    state = state == null ? "./state" : state;
  }
}
