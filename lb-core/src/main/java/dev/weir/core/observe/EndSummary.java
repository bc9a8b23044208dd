package dev.weir.core.observe;

import dev.weir.core.backend.Backend;

/**
 * What is known at the end of one exchange or session. Valid during the call that hands it out;
 * whoever wants to keep something copies it. Times are {@link dev.weir.core.control.Ticker}
 * nanoseconds.
 */
public interface EndSummary {
  /** Index of the event loop it ran on. */
  int loop();

  /** The listener's name. */
  String listener();

  /** The name of the route that took it; null when it has no name, or none took it. */
  default String route() {
    return null;
  }

  /** The pool's name; null when none was chosen. */
  String pool();

  /** The backend of the last attempt; null when there was none. */
  Backend backend();

  /** Attempts made, from 0. */
  int attempts();

  /** HTTP: the status sent to the client, 0 when none was; TCP and UDP: 0. */
  int status();

  /** Why it ended, a closed set: see {@link Cause}. */
  Cause cause();

  /** TCP and UDP: what ended it first; null for HTTP. */
  default By endedBy() {
    return null;
  }

  /** Whether it failed although another attempt would have been allowed and somebody was there. */
  default boolean avoidable() {
    return false;
  }

  /** Bytes from the client. */
  long bytesIn();

  /** Bytes to the client. */
  long bytesOut();

  /** UDP: datagrams from the client. */
  default long datagramsIn() {
    return 0;
  }

  /** UDP: datagrams to the client. */
  default long datagramsOut() {
    return 0;
  }

  /** When the first byte of it was there. */
  long startNanos();

  /** When it ended. */
  long endNanos();

  /** How long a phase took, in nanoseconds; -1 when there was none, or it is not measured. */
  default long phase(Phase phase) {
    return -1;
  }

  /**
   * Copies a text, as it came from outside and without any escaping.
   *
   * @return its length, cut to the array's; -1 when there is none
   */
  default int copy(Text text, byte[] into) {
    return -1;
  }

  /** Parts of the time between {@link #startNanos} and {@link #endNanos}. */
  enum Phase {
    /** From the first byte of the request to the end of its head. */
    HEAD,
    /** Waiting for room on a backend. */
    QUEUE,
    /** Connecting, in the last attempt; 0 for a connection that was kept. */
    CONNECT,
    /**
     * HTTP: from the end of the request to the response head, in the last attempt. TCP: from the
     * connection to the backend's first byte.
     */
    RESPONSE
  }

  /** What can end a session first: who, and how. */
  enum By {
    /** The client had sent all: its FIN. */
    CLIENT_END("client_end"),
    /** The backend had sent all: its FIN, or over UDP the last answer that was due. */
    BACKEND_END("backend_end"),
    /** The client broke it off: a reset, or what the kernel took for one. */
    CLIENT_RESET("client_reset"),
    /** The backend broke it off. */
    BACKEND_RESET("backend_reset"),
    /** Nobody: a time limit did. */
    SILENCE("silence"),
    /** We did: no backend, a limit, the end of the process. */
    PROXY("proxy");

    private final String code;

    By(String code) {
      this.code = code;
    }

    /** The name in logs and metrics. */
    public String code() {
      return code;
    }
  }

  /** Texts that came from outside, and must be escaped wherever they are shown. */
  enum Text {
    /** The client's address. */
    CLIENT,
    /** HTTP: the method. */
    METHOD,
    /** HTTP: the authority that was asked for. */
    HOST,
    /** HTTP: path and query as they came. */
    TARGET,
    /** The name that a TLS client asks for, as far as it was read for routes or told by a peer. */
    SNI,
    /** The protocols that a TLS client offers, with commas between them; known like the name. */
    ALPN,
    /**
     * HTTP: 32 hexadecimal digits, or what a trusted peer has sent. TCP: the unique id of a PROXY
     * header.
     */
    REQUEST_ID,
    /** HTTP: the Referer field. */
    REFERER,
    /** HTTP: the User-Agent field. */
    USER_AGENT
  }
}
