package dev.weir.core.net;

import dev.weir.core.config.ListenerConfig;

/**
 * How many connections a listener takes.
 *
 * @param most over all clients; 0: no limit
 * @param perClient of one client; 0: no limit
 * @param prefix4 bits of an IPv4 address that make a client
 * @param prefix6 bits of an IPv6 address that make a client
 */
public record ConnectionLimits(int most, int perClient, int prefix4, int prefix6) {
  /** No limit. */
  public static final ConnectionLimits NONE = new ConnectionLimits(0, 0, 32, 64);

  /** As configured. */
  public static ConnectionLimits of(ListenerConfig.Limits config) {
    return new ConnectionLimits(
        config.connections(),
        config.connectionsPerClient(),
        config.clientPrefix4(),
        config.clientPrefix6());
  }

  /** Bytes that counting takes when the process may have so many connections. */
  public long memory(int connections) {
    return perClient == 0 ? 0 : 8L * ClientTable.places(connections);
  }

  boolean none() {
    return most == 0 && perClient == 0;
  }
}
