package dev.weir.core.observe;

import java.util.Locale;

/** What a connection has said of its client, where PROXY headers are read. */
public enum ProxyHeader {
  /** Its header names a client. */
  CLIENT,
  /**
   * Its header names nobody: LOCAL, UNKNOWN, unspecified, datagrams, Unix sockets. The connection
   * is its own client's.
   */
  NOBODY,
  /** It comes from elsewhere, and is served without one. */
  NONE;

  /** The name in metrics. */
  public String code() {
    return name().toLowerCase(Locale.ROOT);
  }
}
