package dev.weir.core.config;

import java.time.Duration;
import java.util.List;

/**
 * PROXY headers on a listener: who must send one.
 *
 * @param from networks (CIDR) whose connections must begin with a PROXY header, version 1 or 2, and
 *     whose word on the client's address is believed
 * @param others what becomes of connections from elsewhere: {@code refuse} (the default) or {@code
 *     serve}, as clients of their own; no header of theirs is read in either case
 * @param timeout from the accept to the end of the header, absolute; default 3 s
 */
public record ProxyProtocolConfig(
    @Describe(
            value =
                "Networks (CIDR) whose connections must begin with a PROXY header, version 1 or 2.",
            form = Form.CIDR,
            required = true)
        List<String> from,
    @Describe(
            value = "Connections from elsewhere: ended at once, or served without a header.",
            defaults = "refuse",
            oneOf = {"refuse", "serve"})
        String others,
    @Describe(
            value = "From the accept to the end of the header, absolute.",
            defaults = "3s",
            min = "50ms",
            max = "1m",
            form = Form.DURATION)
        Duration timeout) {
  /** Fills in defaults. */
  public ProxyProtocolConfig {
    from = Copies.list(from);
    others = others == null ? "refuse" : others;
    timeout = timeout == null ? Duration.ofSeconds(3) : timeout;
  }

  /** Whether connections from elsewhere are served. */
  public boolean servesOthers() {
    return others.equals("serve");
  }
}
