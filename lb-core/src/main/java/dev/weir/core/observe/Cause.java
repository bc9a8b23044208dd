package dev.weir.core.observe;

import java.util.Locale;

/** Why an exchange or session ended; the machine-readable half of every error we answer. */
public enum Cause {
  /** As it should. */
  NONE("none", Phase.NONE, Side.NONE),
  /** The client broke off or reset. */
  CLIENT_ABORT("client_abort", Phase.TRANSFER, Side.CLIENT),
  /** The client was too slow with a request head. */
  CLIENT_HEADER_TIMEOUT("client_header_timeout", Phase.REQUEST, Side.CLIENT),
  /** The client was too slow with a request body, or in reading. */
  CLIENT_BODY_TIMEOUT("client_body_timeout", Phase.TRANSFER, Side.CLIENT),
  /** The connection was idle for too long. */
  IDLE_TIMEOUT("idle_timeout", Phase.TRANSFER, Side.CLIENT),
  /** A PROXY header is missing, malformed or too long. */
  BAD_PROXY_HEADER("bad_proxy_header", Phase.ACCEPT, Side.CLIENT),
  /** A PROXY header did not come in time. */
  PROXY_HEADER_TIMEOUT("proxy_header_timeout", Phase.ACCEPT, Side.CLIENT),
  /** The TLS hello of a client, which would tell its route, is malformed. */
  BAD_HELLO("bad_hello", Phase.ACCEPT, Side.CLIENT),
  /** The TLS hello of a client did not come in time. */
  HELLO_TIMEOUT("hello_timeout", Phase.ACCEPT, Side.CLIENT),
  /** The request is malformed or ambiguous. */
  BAD_REQUEST("bad_request", Phase.REQUEST, Side.CLIENT),
  /** The request exceeds a limit. */
  TOO_LARGE("too_large", Phase.REQUEST, Side.CLIENT),
  /** A method, version or expectation that we do not serve. */
  UNSUPPORTED("unsupported", Phase.REQUEST, Side.CLIENT),
  /** No route takes it. */
  NO_ROUTE("no_route", Phase.ROUTE, Side.CLIENT),
  /** The request has passed this proxy before. */
  LOOP("loop", Phase.ROUTE, Side.CLIENT),
  /** An access rule refuses the client. */
  DENIED("denied", Phase.ROUTE, Side.CLIENT),
  /** The pool has no backend that may be tried, or no more. */
  NO_BACKEND("no_backend", Phase.PICK, Side.BACKEND),
  /** Every attempt to connect failed. */
  CONNECT_FAILED("connect_failed", Phase.CONNECT, Side.BACKEND),
  /** The backend closed or reset before its answer was complete. */
  BACKEND_RESET("backend_reset", Phase.RESPONSE, Side.BACKEND),
  /** The backend's answer is malformed. */
  BACKEND_GARBAGE("backend_garbage", Phase.RESPONSE, Side.BACKEND),
  /** The backend took too long. */
  BACKEND_TIMEOUT("backend_timeout", Phase.RESPONSE, Side.BACKEND),
  /** As many wait for the pool as may. */
  QUEUE_FULL("queue_full", Phase.QUEUE, Side.BACKEND),
  /** No backend of the pool had room in time. */
  QUEUE_TIMEOUT("queue_timeout", Phase.QUEUE, Side.BACKEND),
  /** A limit or shortage of our own. */
  LOCAL_LIMIT("local_limit", Phase.CONNECT, Side.PROXY),
  /** The listener has as many connections as it may. */
  LISTENER_LIMIT("listener_limit", Phase.ACCEPT, Side.PROXY),
  /** The client has as many connections as it may. */
  CLIENT_LIMIT("client_limit", Phase.ACCEPT, Side.CLIENT),
  /** The process or the listener ends. */
  SHUTDOWN("shutdown", Phase.TRANSFER, Side.PROXY),
  /** A defect of ours. */
  INTERNAL("internal", Phase.TRANSFER, Side.PROXY);

  private final String code;
  private final Phase phase;
  private final Side side;

  Cause(String code, Phase phase, Side side) {
    this.code = code;
    this.phase = phase;
    this.side = side;
  }

  /** The name in logs, metrics and answers. */
  public String code() {
    return code;
  }

  /** In which part of an exchange or session it happens. */
  public Phase phase() {
    return phase;
  }

  /** On whose side. */
  public Side side() {
    return side;
  }

  /** The parts of an exchange or session, in order. */
  public enum Phase {
    /** It went well. */
    NONE,
    /** A connection comes in. */
    ACCEPT,
    /** A request is read. */
    REQUEST,
    /** A route is looked for. */
    ROUTE,
    /** A backend is looked for. */
    PICK,
    /** It waits for a backend with room. */
    QUEUE,
    /** A connection to a backend is made. */
    CONNECT,
    /** The backend answers. */
    RESPONSE,
    /** Bytes pass, or should. */
    TRANSFER;

    /** The name in logs, metrics and answers. */
    public String code() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** Who it lies with. */
  public enum Side {
    /** It went well. */
    NONE,
    /** The client, or what it asks for. */
    CLIENT,
    /** The process itself, or its limits. */
    PROXY,
    /** The backends. */
    BACKEND;

    /** The name in logs, metrics and answers. */
    public String code() {
      return name().toLowerCase(Locale.ROOT);
    }
  }
}
