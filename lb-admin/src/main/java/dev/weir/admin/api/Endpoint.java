package dev.weir.admin.api;

import io.vertx.core.Handler;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.RoutingContext;

/**
 * One operation of the API.
 *
 * @param path with parameters as {@code :name}
 * @param body what it takes
 */
record Endpoint(HttpMethod method, String path, Body body, Handler<RoutingContext> handler) {
  /** What an operation takes as its body. */
  enum Body {
    /** Nothing; what is sent is not read. */
    NONE,
    /** {@code application/json}. */
    JSON,
    /** {@code application/merge-patch+json}, or {@code application/json}. */
    PATCH
  }
}
