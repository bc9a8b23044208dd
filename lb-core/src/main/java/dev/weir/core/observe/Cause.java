package dev.weir.core.observe;

/** Why an exchange or session ended; the machine-readable half of every error we answer. */
public enum Cause {
  /** As it should. */
  NONE("none"),
  /** The client broke off or reset. */
  CLIENT_ABORT("client_abort"),
  /** The client was too slow with a request head. */
  CLIENT_HEADER_TIMEOUT("client_header_timeout"),
  /** The client was too slow with a request body, or in reading. */
  CLIENT_BODY_TIMEOUT("client_body_timeout"),
  /** The connection was idle for too long. */
  IDLE_TIMEOUT("idle_timeout"),
  /** A PROXY header is missing, malformed or too long. */
  BAD_PROXY_HEADER("bad_proxy_header"),
  /** A PROXY header did not come in time. */
  PROXY_HEADER_TIMEOUT("proxy_header_timeout"),
  /** The request is malformed or ambiguous. */
  BAD_REQUEST("bad_request"),
  /** The request exceeds a limit. */
  TOO_LARGE("too_large"),
  /** A method, version or expectation that we do not serve. */
  UNSUPPORTED("unsupported"),
  /** No route takes it. */
  NO_ROUTE("no_route"),
  /** The request has passed this proxy before. */
  LOOP("loop"),
  /** An access rule refuses the client. */
  DENIED("denied"),
  /** The pool has no backend that may be tried, or no more. */
  NO_BACKEND("no_backend"),
  /** Every attempt to connect failed. */
  CONNECT_FAILED("connect_failed"),
  /** The backend closed or reset before its answer was complete. */
  BACKEND_RESET("backend_reset"),
  /** The backend's answer is malformed. */
  BACKEND_GARBAGE("backend_garbage"),
  /** The backend took too long. */
  BACKEND_TIMEOUT("backend_timeout"),
  /** As many wait for the pool as may. */
  QUEUE_FULL("queue_full"),
  /** No backend of the pool had room in time. */
  QUEUE_TIMEOUT("queue_timeout"),
  /** A limit or shortage of our own. */
  LOCAL_LIMIT("local_limit"),
  /** The listener has as many connections as it may. */
  LISTENER_LIMIT("listener_limit"),
  /** The client has as many connections as it may. */
  CLIENT_LIMIT("client_limit"),
  /** The process or the listener ends. */
  SHUTDOWN("shutdown"),
  /** A defect of ours. */
  INTERNAL("internal");

  private final String code;

  Cause(String code) {
    this.code = code;
  }

  /** The name in logs, metrics and answers. */
  public String code() {
    return code;
  }
}
