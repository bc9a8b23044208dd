package dev.weir.core.net;

import java.util.List;

/**
 * What the first message of a TLS client says, as far as it can be routed by; of an encrypted one
 * (ECH) the outer part. Read by {@link HelloReader} or made here, immutable.
 *
 * @param serverName the name that is asked for (RFC 6066 section 3), in small letters and without a
 *     final dot; null when there is none, or an address
 * @param protocols the names of protocols that are offered (RFC 7301), in the client's order, each
 *     byte a character; at most {@link #MOST_PROTOCOLS}
 */
public record ClientHello(String serverName, List<String> protocols) {
  /** Nobody offers more; with more the message counts as malformed. */
  public static final int MOST_PROTOCOLS = 64;

  /** Of a connection that does not begin with one. */
  public static final ClientHello NONE = new ClientHello(null, List.of());
}
