package dev.weir.bench.audit;

/**
 * A request that did not get its answer.
 *
 * @param kind what happened
 * @param write whether it was a POST
 * @param status of the answer; 0 when there was none
 * @param sentNanos when it was sent ({@link System#nanoTime})
 * @param atNanos when its failure was seen
 * @param detail for people; may be empty
 */
public record Failure(
    Kind kind, boolean write, int status, long sentNanos, long atNanos, String detail) {
  /** Ways to fail. */
  public enum Kind {
    /** An answer with another status than 200. */
    STATUS("another status than 200"),
    /** The connection ended while the request was out. */
    CLOSED("connection closed with the request out"),
    /** No complete answer in time. */
    TIMEOUT("no answer in time"),
    /** An answer that is not HTTP. */
    MALFORMED("malformed answer"),
    /** The answer to another request, or one that nobody asked for. */
    CROSSED("answer to another request"),
    /** The right answer with a wrong body. */
    WRONG_BODY("wrong body"),
    /** The backend found the request's body wrong. */
    WRONG_REQUEST("wrong request body at the backend");

    private final String text;

    Kind(String text) {
      this.text = text;
    }

    /** For people. */
    public String text() {
      return text;
    }

    /** Whether no load balancer may ever let this happen, whatever its backends do. */
    public boolean corruption() {
      return this == MALFORMED || this == CROSSED || this == WRONG_BODY || this == WRONG_REQUEST;
    }
  }
}
