package dev.weir.core.config;

/**
 * What requests tell backends of the hop that we are.
 *
 * @param xForwarded X-Forwarded-For, -Proto, -Host and -Port; default true
 * @param forwarded Forwarded (RFC 7239); default false
 * @param via our name in Via (RFC 9110 section 7.6.3); a request that has passed a proxy of this
 *     name before is refused. Null: no Via
 */
public record ForwardingConfig(
    @Describe(value = "X-Forwarded-For, -Proto, -Host and -Port.", defaults = "true")
        Boolean xForwarded,
    @Describe(value = "Forwarded (RFC 7239).", defaults = "false") Boolean forwarded,
    @Describe(
            value =
                "Our name in Via; a request that has passed a proxy of this name before is refused"
                    + " with 508. Without it no Via is written.",
            form = Form.NAME)
        String via) {
  /** Fills in defaults. */
  public ForwardingConfig {
    xForwarded = xForwarded == null || xForwarded;
    forwarded = forwarded != null && forwarded;
  }
}
