package dev.weir.core.backend;

/** How one attempt on a backend ended; the evidence that traffic gives. */
public enum Outcome {
  /** Answered; for HTTP with a status below 500, or 501 and above 504. */
  OK,
  /** HTTP status 500. */
  STATUS_500,
  /** HTTP status 502, 503 or 504. */
  STATUS_GATEWAY,
  /** HTTP status 429. */
  STATUS_OVERLOAD,
  /** The backend's machine refused the connection. */
  REFUSED,
  /** No connection within the connect timeout, or no route. */
  UNREACHABLE,
  /** Reset or end of stream before a response head was complete. */
  RESET,
  /** No response head, or no progress, within the timeout. */
  TIMEOUT,
  /** Bytes that are not the protocol. */
  GARBAGE,
  /** The answer began and then broke off. */
  TRUNCATED,
  /** The client went away; says nothing about the backend. */
  CLIENT_ABORT,
  /** Our own limit, port or descriptor shortage, or shutdown; says nothing about the backend. */
  LOCAL
}
