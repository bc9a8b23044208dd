package dev.weir.http;

import dev.weir.core.config.RouteConfig;
import dev.weir.core.net.CidrSet;
import dev.weir.core.observe.Cause;
import dev.weir.core.pool.Pool;
import java.net.InetAddress;
import java.util.Map;

/**
 * What a route does beyond leading to one pool: refuse, redirect, answer, split, rewrite, edit.
 * Immutable; a route that does none of it has none.
 */
final class Actions {
  private final Path path;
  private final CidrSet allow;
  private final CidrSet deny;
  private final Redirect redirect;
  private final FixedAnswer answer;
  private final Split split;
  private final Pool pool;
  private final Rewrite rewrite;
  private final FieldEdits requestEdits;
  private final FieldEdits responseEdits;
  private final boolean templates;

  /**
   * As configured and checked.
   *
   * @param path the route's condition on the path; null for none
   */
  Actions(RouteConfig route, Path path, Map<String, Pool> pools) {
    this.path = path;
    Map<String, Integer> captured = path == null ? Map.of() : path.variables();
    allow = CidrSet.of(route.allow());
    deny = CidrSet.of(route.deny());
    redirect = route.redirect() == null ? null : new Redirect(route.redirect(), captured);
    answer = route.respond() == null ? null : FixedAnswer.of(route.respond());
    split = route.split().isEmpty() ? null : new Split(route.splitBy(), route.split(), pools);
    pool = route.pool() == null ? null : pools.get(route.pool());
    rewrite = route.rewrite() == null ? null : new Rewrite(route.rewrite(), captured);
    requestEdits = edits(route.requestHeaders(), captured);
    responseEdits = edits(route.responseHeaders(), captured);
    templates =
        redirect != null || rewrite != null || requestEdits != null || responseEdits != null;
  }

  private static FieldEdits edits(RouteConfig.Headers headers, Map<String, Integer> captured) {
    return headers == null ? null : new FieldEdits(headers, captured);
  }

  /** Whether a route needs any. */
  static boolean needed(RouteConfig route) {
    return route.pool() == null
        || !route.allow().isEmpty()
        || !route.deny().isEmpty()
        || route.rewrite() != null
        || route.requestHeaders() != null
        || route.responseHeaders() != null;
  }

  /** The pool that the request goes to, with what is to change marked; null when it is answered. */
  Pool begin(Exchange exchange) {
    if (!admits(exchange.origin.source())) {
      exchange.answer(403, Cause.DENIED, "not from this address");
      return null;
    }
    if (answer != null) {
      exchange.answer(answer);
      return null;
    }
    Variables values = templates ? new Variables(exchange, path) : null;
    if (redirect != null) {
      byte[] fields = redirect.fields(values, exchange.loop.scratch);
      if (fields == null) {
        exchange.answer(400, Cause.BAD_REQUEST, "no valid address to redirect to");
      } else {
        exchange.answer(new FixedAnswer(redirect.status, fields));
      }
      return null;
    }
    Pool chosen = split == null ? pool : split.choose(exchange);
    if (rewrite != null && !rewrite.apply(exchange.request, values, exchange.loop.scratch)) {
      exchange.answer(400, Cause.BAD_REQUEST, "no valid target comes out of the rewrite");
      return null;
    }
    exchange.taken().variables = values;
    return chosen;
  }

  private boolean admits(InetAddress source) {
    if (allow.isEmpty() && deny.isEmpty()) {
      return true;
    }
    return source != null && !deny.contains(source) && (allow.isEmpty() || allow.contains(source));
  }

  /** Edits of what the backend gets; null for none. */
  FieldEdits requestEdits() {
    return requestEdits;
  }

  /** Edits of what the client gets; null for none. */
  FieldEdits responseEdits() {
    return responseEdits;
  }
}
