package dev.weir.admin.api;

import static dev.weir.admin.api.Endpoint.Body.NONE;

import dev.weir.admin.AdminSetup;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.Route;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.BodyHandler;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The routes of the admin API. Every request passes, in this order: deadline, guard (address,
 * browser, token), body limits, its endpoint; what no endpoint takes is 405 or 404, and every
 * refusal is written in one place. Runs on the admin server's event loop.
 */
public final class Api {
  private static final Logger LOG = LoggerFactory.getLogger(Api.class);
  private static final String PROBLEM = "application/problem+json";

  private final Router router;
  private final Duration deadline;

  /**
   * Builds the routes. Reads a resource; not on an event loop.
   *
   * @param deadline for one request: its body, the work and the answer
   */
  public Api(AdminSetup setup, Vertx vertx, Duration deadline) {
    this.deadline = deadline;
    router = Router.router(vertx);
    router.route().failureHandler(Api::failed);
    router.route().handler(this::deadline);
    router.route().handler(new Guard(setup.token(), setup.config().bind().host()));
    List<Endpoint> endpoints = new ArrayList<>(new Reads(setup).endpoints());
    endpoints.addAll(new Writes(setup).endpoints());
    Bodies bodies = new Bodies();
    endpoints.forEach(endpoint -> add(endpoint, bodies));
    allowed(endpoints).forEach(this::otherMethods);
    router
        .route()
        .handler(
            context -> {
              throw Reply.of(404, "not found", "there is nothing at this path");
            });
  }

  private void add(Endpoint endpoint, Bodies bodies) {
    if (endpoint.body() != NONE) {
      route(endpoint).handler(context -> bodies.admit(context, endpoint.body()));
      route(endpoint).handler(BodyHandler.create(false).setBodyLimit(Bodies.MAX_BYTES));
    }
    route(endpoint).handler(endpoint.handler());
  }

  private Route route(Endpoint endpoint) {
    Route route = router.route(endpoint.method(), endpoint.path());
    return HttpMethod.GET.equals(endpoint.method()) ? route.method(HttpMethod.HEAD) : route;
  }

  private static Map<String, String> allowed(List<Endpoint> endpoints) {
    return endpoints.stream()
        .collect(
            Collectors.groupingBy(
                Endpoint::path,
                LinkedHashMap::new,
                Collectors.mapping(
                    endpoint ->
                        HttpMethod.GET.equals(endpoint.method())
                            ? "GET, HEAD"
                            : endpoint.method().name(),
                    Collectors.joining(", "))));
  }

  private void otherMethods(String path, String allow) {
    router
        .route(path)
        .handler(
            context -> {
              throw Reply.of(405, "method not allowed", "this path takes " + allow)
                  .header("Allow", allow);
            });
  }

  /** Lets a server be answered by these routes. */
  public void attach(HttpServer server) {
    server.requestHandler(router);
    server.invalidRequestHandler(Api::malformed);
  }

  /** For tests that walk over all routes. */
  List<Route> routes() {
    return router.getRoutes();
  }

  /** One deadline for the body, the work and the answer; the connection does not survive it. */
  private void deadline(RoutingContext context) {
    long timer =
        context
            .vertx()
            .setTimer(
                deadline.toMillis(),
                late -> {
                  HttpServerResponse response = context.response();
                  if (!response.ended() && !response.closed()) {
                    context.fail(
                        Reply.of(
                                503,
                                "too slow",
                                "not done in time; a change may still be applied, read it again")
                            .header("Connection", "close"));
                  }
                });
    context.addEndHandler(ended -> context.vertx().cancelTimer(timer));
    context.next();
  }

  private static void failed(RoutingContext context) {
    Throwable failure = context.failure();
    HttpServerResponse response = context.response();
    if (response.ended() || response.closed()) {
      return;
    }
    Reply reply = failure instanceof Reply known ? known : reply(context.statusCode(), failure);
    if (!context.request().isEnded()) {
      // The rest of a body that nobody wants would be read as the next request, or for nothing.
      response.putHeader("Connection", "close");
    }
    write(response, reply);
  }

  private static Reply reply(int status, Throwable failure) {
    return switch (status) {
      case 413 -> Bodies.tooLarge();
      case 400 -> Reply.of(400, "bad request", "the request is malformed");
      default -> {
        LOG.error("admin request failed", failure);
        yield Reply.of(500, "internal error", "a defect of the admin API; its log has more");
      }
    };
  }

  private static void malformed(HttpServerRequest request) {
    HttpServerResponse response = request.response();
    response.putHeader("Connection", "close");
    write(
        response,
        Reply.of(400, "bad request", "the request line or a header is malformed or too long"));
  }

  private static void write(HttpServerResponse response, Reply reply) {
    reply.headers().forEach(response::putHeader);
    finish(response.setStatusCode(reply.status()), PROBLEM, Json.write(reply.body()));
  }

  /** Sends a record or tree. */
  static void send(RoutingContext context, int status, long generation, Object view) {
    HttpServerResponse response = context.response().setStatusCode(status);
    response.putHeader("ETag", Preconditions.etag(generation));
    finish(response, "application/json", Json.write(view));
  }

  static void finish(HttpServerResponse response, String type, byte[] body) {
    response
        .putHeader("Content-Type", type)
        .putHeader("Content-Length", Integer.toString(body.length))
        .putHeader("Cache-Control", "no-store")
        .putHeader("X-Content-Type-Options", "nosniff")
        .putHeader("Content-Security-Policy", "default-src 'none'")
        .end(Buffer.buffer(body));
  }
}
