package dev.weir.http;

import dev.weir.core.config.RouteConfig;
import java.util.Map;

/**
 * An answer that leads elsewhere. Without scheme, host and port the Location is a path, which needs
 * no trust in the client's Host. Immutable.
 */
final class Redirect {
  private static final byte[] LOCATION = Chars.bytes("Location: ");
  private static final byte[] NO_BODY = Chars.bytes("Content-Length: 0\r\n");
  private static final byte[] HERE = Chars.bytes("/.");
  private static final byte[] CRLF = {'\r', '\n'};
  private static final byte[] AFTER_SCHEME = Chars.bytes("://");

  final int status;
  private final byte[] scheme;
  private final Template host;
  private final int port;
  private final Template path;
  private final Template query;

  /** As configured. */
  Redirect(RouteConfig.Redirect redirect, Map<String, Integer> captured) {
    status = redirect.status();
    scheme = redirect.scheme() == null ? null : Chars.bytes(redirect.scheme());
    host = redirect.host() == null ? null : Template.of(redirect.host(), captured);
    port = redirect.port() == null ? 0 : redirect.port();
    path = redirect.path() == null ? null : Template.of(redirect.path(), captured);
    query = redirect.query() == null ? null : Template.of(redirect.query(), captured);
  }

  /** The header lines of the answer; null when no valid target comes out. */
  byte[] fields(Variables values, HeadWriter scratch) {
    scratch.clear();
    if (path == null) {
      values.path(scratch);
    } else {
      path.write(values, scratch);
    }
    byte[] to = PathRules.checked(Rewrite.bytes(scratch));
    byte[] at = to == null ? null : authority(values, scratch);
    if (at == null) {
      return null;
    }
    scratch.clear();
    scratch.add(LOCATION).add(at);
    if (at.length == 0 && to.length > 1 && to[1] == '/') {
      // RFC 3986 section 4.2: "//x" would name a host.
      scratch.add(HERE);
    }
    scratch.add(to);
    query(values, scratch);
    scratch.add(CRLF).add(NO_BODY);
    byte[] fields = Rewrite.bytes(scratch);
    return isLine(fields, LOCATION.length, fields.length - CRLF.length - NO_BODY.length)
        ? fields
        : null;
  }

  /** Scheme and authority; empty when the request's stay, null when they are not valid. */
  private byte[] authority(Variables values, HeadWriter scratch) {
    scratch.clear();
    if (scheme == null && host == null && port == 0) {
      return new byte[0];
    }
    if (host != null) {
      host.write(values, scratch);
    } else {
      values.write(Template.HOST, scratch);
    }
    byte[] name = Rewrite.bytes(scratch);
    if (!Rewrite.isHost(name)) {
      return null;
    }
    scratch.clear();
    if (scheme != null) {
      scratch.add(scheme);
    } else {
      values.write(Template.SCHEME, scratch);
    }
    scratch.add(AFTER_SCHEME).add(name);
    if (port > 0) {
      scratch.add(':').addDecimal(port);
    }
    return Rewrite.bytes(scratch);
  }

  private void query(Variables values, HeadWriter out) {
    if (query == null) {
      if (values.hasQuery()) {
        out.add('?');
        values.write(Template.QUERY, out);
      }
      return;
    }
    int before = out.length();
    out.add('?');
    query.write(values, out);
    if (out.length() == before + 1) {
      out.cut(before);
    }
  }

  private static boolean isLine(byte[] bytes, int from, int to) {
    for (int i = from; i < to; i++) {
      if (!Chars.is(bytes[i], Chars.TARGET)) {
        return false;
      }
    }
    return true;
  }
}
