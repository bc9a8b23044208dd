package dev.weir.http;

import dev.weir.core.observe.Cause;

/**
 * Answers that the proxy gives itself, nearly all of them errors: the status, one line of text with
 * the reason or the listener's page for it, and the machine-readable cause in {@code Weir-Cause}.
 */
final class OwnAnswer {
  private static final byte[] VERSION = Chars.bytes("HTTP/1.1 ");
  private static final byte[] TYPE = Chars.bytes("Content-Type: text/plain; charset=utf-8\r\n");
  private static final byte[] LENGTH = Chars.bytes("Content-Length: ");
  private static final byte[] REQUEST_ID = Chars.bytes("X-Request-Id: ");
  private static final byte[] ALLOW =
      Chars.bytes("Allow: GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS\r\n");
  private static final byte[] RETRY_AFTER = Chars.bytes("Retry-After: 1\r\n");
  private static final byte[] CRLF = {'\r', '\n'};

  private OwnAnswer() {}

  static void write(Exchange exchange, int status, Cause cause, String text, HttpLoop loop) {
    HeadWriter out = loop.writer;
    ErrorPages.Page page = exchange.handler.errorPages().of(status);
    byte[] body = page == null ? Chars.bytes(status + " " + text + "\n") : page.body;
    out.clear();
    out.add(VERSION).addDecimal(status).add(' ');
    out.add(Chars.bytes(Reasons.of(status))).add(CRLF);
    out.add(loop.dateLine(loop.context.now()));
    out.add(page == null ? TYPE : page.typeLine).add(LENGTH).addDecimal(body.length).add(CRLF);
    out.add(exchange.handler.causes().of(cause));
    out.add(REQUEST_ID);
    exchange.id().write(out);
    out.add(CRLF);
    if (status == 405 || status == 200) {
      out.add(ALLOW);
    } else if (status == 503) {
      out.add(RETRY_AFTER);
    }
    ResponseHead.connection(exchange, out);
    out.add(CRLF);
    if (exchange.request.method != Method.HEAD) {
      out.add(body);
    }
  }
}
