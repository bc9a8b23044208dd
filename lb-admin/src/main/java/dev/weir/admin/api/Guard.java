package dev.weir.admin.api;

import dev.weir.admin.auth.AdminToken;
import io.vertx.core.Handler;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.HostAndPort;
import io.vertx.ext.web.RoutingContext;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * What every request must pass before anything else looks at it, whatever its path: it is addressed
 * to us, no page of a browser is behind it, and it carries the token. Refuses with 400, 403 or 401.
 */
final class Guard implements Handler<RoutingContext> {
  private static final String SCHEME = "bearer ";
  private static final Set<String> LOOPBACK = Set.of("localhost", "127.0.0.1", "::1");

  private final AdminToken token;
  private final String bound;

  /**
   * Accepts this token.
   *
   * @param bound the host of the bind address; requests may also be addressed to loopback
   */
  Guard(AdminToken token, String bound) {
    this.token = token;
    this.bound = bound.toLowerCase(Locale.ROOT);
  }

  @Override
  public void handle(RoutingContext context) {
    HttpServerRequest request = context.request();
    addressed(request);
    notFromAPage(request);
    authenticated(request);
    context.next();
  }

  /** A name that somebody else's DNS made point here (rebinding) is not one of ours. */
  private void addressed(HttpServerRequest request) {
    HostAndPort authority = request.authority();
    if (authority == null || request.headers().getAll("Host").size() > 1) {
      throw Reply.of(400, "bad request", "exactly one valid Host header is required");
    }
    String host = authority.host().toLowerCase(Locale.ROOT);
    if (host.startsWith("[") && host.endsWith("]")) {
      host = host.substring(1, host.length() - 1);
    }
    if (!host.equals(bound) && !LOOPBACK.contains(host)) {
      throw Reply.of(
          403, "forbidden", "the Host header names neither the bind address nor localhost");
    }
  }

  private static void notFromAPage(HttpServerRequest request) {
    String site = request.getHeader("Sec-Fetch-Site");
    boolean foreign = site != null && !site.equals("none") && !site.equals("same-origin");
    if (foreign || request.headers().contains("Origin")) {
      throw Reply.of(403, "forbidden", "requests from web pages are refused");
    }
  }

  private void authenticated(HttpServerRequest request) {
    List<String> headers = request.headers().getAll("Authorization");
    String header = headers.size() == 1 ? headers.get(0) : "";
    boolean bearer = header.regionMatches(true, 0, SCHEME, 0, SCHEME.length());
    String presented = bearer ? header.substring(SCHEME.length()) : header;
    // Compared in any case: a missing or malformed token costs the same as a wrong one.
    boolean matches = token.matches(presented);
    if (!matches || !bearer) {
      throw Reply.of(401, "unauthorized", "a valid bearer token is required")
          .header("WWW-Authenticate", "Bearer realm=\"weir-admin\"");
    }
  }
}
