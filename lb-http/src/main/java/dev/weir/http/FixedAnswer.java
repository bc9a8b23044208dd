package dev.weir.http;

import dev.weir.core.config.RouteConfig;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/**
 * An answer that a route gives itself: status, header lines and body, made when the configuration
 * is applied, or of a redirect. Immutable.
 */
final class FixedAnswer {
  private static final byte[] VERSION = Chars.bytes("HTTP/1.1 ");
  private static final byte[] CRLF = {'\r', '\n'};
  private static final byte[] NOTHING = {};

  final int status;
  private final byte[] start;
  private final byte[] fields;
  private final byte[] body;

  /** An answer without a body. */
  FixedAnswer(int status, byte[] fields) {
    this(status, fields, NOTHING);
  }

  private FixedAnswer(int status, byte[] fields, byte[] body) {
    this.status = status;
    this.fields = fields;
    this.body = body;
    start = Chars.bytes(status + " " + Reasons.of(status) + "\r\n");
  }

  /** As configured. */
  static FixedAnswer of(RouteConfig.Respond respond) {
    byte[] body =
        respond.body() == null ? NOTHING : respond.body().getBytes(StandardCharsets.UTF_8);
    StringBuilder fields = new StringBuilder();
    boolean typed = false;
    for (Map.Entry<String, String> header : respond.headers().entrySet()) {
      fields.append(header.getKey()).append(": ").append(header.getValue()).append("\r\n");
      typed |= header.getKey().equalsIgnoreCase("Content-Type");
    }
    if (body.length > 0 && !typed) {
      fields.append("Content-Type: text/plain; charset=utf-8\r\n");
    }
    // RFC 9110 section 8.6: no Content-Length in 204; in 304 it would be that of a 200.
    if (respond.status() != 204 && respond.status() != 304) {
      fields.append("Content-Length: ").append(body.length).append("\r\n");
    }
    return new FixedAnswer(respond.status(), Chars.bytes(fields.toString()), body);
  }

  void write(Exchange exchange, HttpLoop loop) {
    HeadWriter out = loop.writer;
    out.clear();
    out.add(VERSION).add(start).add(loop.dateLine(loop.context.now())).add(fields);
    ResponseHead.connection(exchange, out);
    out.add(CRLF);
    if (exchange.request.method != Method.HEAD) {
      out.add(body);
    }
  }
}
