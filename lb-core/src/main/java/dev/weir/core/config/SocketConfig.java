package dev.weir.core.config;

/**
 * How a listener's sockets are made.
 *
 * @param mode Unix socket: who may connect, in octal digits; null: by the process's umask
 * @param owner Unix socket: the user it belongs to; null: the process's
 * @param group Unix socket: the group it belongs to; null: the process's
 * @param freebind whether the address need not be on this machine (yet)
 * @param transparent whether connections to any address are taken that the kernel leads here
 *     (TPROXY)
 * @param ipv6Only whether {@code [::]} leaves IPv4 alone
 * @param backlog connections that wait to be accepted, in each socket; the kernel has a limit of
 *     its own (net.core.somaxconn); default 4096
 */
public record SocketConfig(
    @Describe(
            value = "Unix socket: who may connect, in octal digits: \"0660\"; else by the umask.",
            form = Form.MODE)
        String mode,
    @Describe(value = "Unix socket: the user it belongs to.", form = Form.NAME) String owner,
    @Describe(value = "Unix socket: the group it belongs to.", form = Form.NAME) String group,
    @Describe(
            value = "Binds to an address that is not on this machine (yet): IP_FREEBIND.",
            defaults = "false")
        Boolean freebind,
    @Describe(
            value = "Takes connections that TPROXY leads here: IP_TRANSPARENT, CAP_NET_ADMIN.",
            defaults = "false")
        Boolean transparent,
    @Describe(value = "[::] leaves IPv4 alone: IPV6_V6ONLY.", defaults = "false") Boolean ipv6Only,
    @Describe(
            value = "Connections that wait to be accepted, in each socket.",
            defaults = "4096",
            min = "1",
            max = "65535")
        Integer backlog) {
  /** Everything by default. */
  public static final SocketConfig DEFAULT =
      new SocketConfig(null, null, null, null, null, null, null);

  /** Fills in defaults. */
  public SocketConfig {
    freebind = freebind != null && freebind;
    transparent = transparent != null && transparent;
    ipv6Only = ipv6Only != null && ipv6Only;
    backlog = backlog == null ? 4096 : backlog;
  }
}
