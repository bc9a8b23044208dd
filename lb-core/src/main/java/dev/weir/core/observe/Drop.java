package dev.weir.core.observe;

/** Why a datagram was not passed on. */
public enum Drop {
  /** It would begin a session, and the listener has as many as it may. */
  LISTENER_LIMIT("listener_limit"),
  /** It would begin a session, and its client has as many as it may. */
  CLIENT_LIMIT("client_limit"),
  /** It would begin a session, and the process has no connection, descriptor or port for it. */
  LOCAL_LIMIT("local_limit"),
  /** It says that it comes from port 0, or from the listener itself. */
  BAD_SOURCE("bad_source"),
  /** No backend was to be had for it. */
  NO_BACKEND("no_backend"),
  /** The kernel had no room for it. */
  NO_ROOM("no_room"),
  /** It cannot be sent: too large for the other address family, or forbidden by a firewall. */
  UNSENDABLE("unsendable"),
  /** An answer beyond what the client may cause. */
  AMPLIFICATION("amplification"),
  /** An answer where none is passed on. */
  UNEXPECTED("unexpected");

  private final String code;

  Drop(String code) {
    this.code = code;
  }

  /** The name in metrics. */
  public String code() {
    return code;
  }
}
