package dev.weir.http;

import dev.weir.core.observe.Cause;

/** What can be wrong with a head or a body; with the answer to a request that has it. */
enum Fault {
  BAD_REQUEST_LINE(400, "malformed request line"),
  BAD_TARGET(400, "malformed request target"),
  BAD_PATH(400, "the path holds a NUL, a backslash or leaves the root"),
  AMBIGUOUS_PATH(400, "the path can be read in more than one way"),
  BAD_FIELD_NAME(400, "malformed header name"),
  BAD_FIELD_VALUE(400, "malformed header value"),
  BAD_LINE_END(400, "a line does not end in CRLF"),
  FOLDED_FIELD(400, "folded header line"),
  BAD_HOST(400, "malformed Host"),
  MISSING_HOST(400, "no Host"),
  REPEATED_HOST(400, "more than one Host"),
  BAD_CONTENT_LENGTH(400, "malformed Content-Length"),
  REPEATED_CONTENT_LENGTH(400, "Content-Lengths that differ"),
  LENGTH_AND_CHUNKED(400, "both Content-Length and Transfer-Encoding"),
  BAD_TRANSFER_ENCODING(400, "Transfer-Encoding does not end in one chunked"),
  CHUNKED_IN_HTTP_1_0(400, "Transfer-Encoding in HTTP/1.0"),
  UNKNOWN_CODING(501, "unknown transfer coding"),
  BAD_CHUNK(400, "malformed chunk"),
  BAD_TRAILER(400, "malformed trailer"),
  BAD_STATUS_LINE(502, "malformed status line"),
  BAD_CONNECTION(400, "malformed Connection"),
  BAD_VERSION(505, "HTTP version not supported"),
  METHOD_NOT_ALLOWED(405, "method not allowed"),
  BAD_EXPECTATION(417, "unknown expectation"),
  LINE_TOO_LONG(414, "request line too long"),
  HEAD_TOO_LARGE(431, "request head too large"),
  TOO_MANY_FIELDS(431, "too many header lines"),
  HEAD_OVERDUE(408, "the request head came too slowly"),
  BODY_TOO_LARGE(413, "request body too large"),
  LOOP(508, "the request has been here before");

  final int status;
  final String text;

  Fault(int status, String text) {
    this.status = status;
    this.text = text;
  }

  Cause cause() {
    return switch (status) {
      case 408 -> Cause.CLIENT_HEADER_TIMEOUT;
      case 413, 414, 431 -> Cause.TOO_LARGE;
      case 508 -> Cause.LOOP;
      case 405, 417, 501, 505 -> Cause.UNSUPPORTED;
      default -> Cause.BAD_REQUEST;
    };
  }
}
