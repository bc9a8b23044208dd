package dev.weir.admin.api;

import dev.weir.admin.api.Endpoint.Body;
import dev.weir.core.config.ConfigException;
import dev.weir.core.config.JsonReader;
import dev.weir.core.config.Problem;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Which bodies are read: of which type, how large, and how many bytes at once. Used on the admin
 * server's one event loop only.
 */
final class Bodies {
  /** The largest body. */
  static final long MAX_BYTES = 4L << 20;

  /** What all bodies that are being read or worked on may take together. */
  static final long MAX_TOGETHER = 32L << 20;

  private static final String JSON = "application/json";
  private static final Set<String> PATCHES = Set.of("application/merge-patch+json", JSON);

  private long taken;

  /** Lets a request's body be read, or refuses with 415, 413 or 503. */
  void admit(RoutingContext context, Body body) {
    HttpServerRequest request = context.request();
    type(request, body == Body.PATCH ? PATCHES : Set.of(JSON));
    long length = length(request);
    if (length > MAX_BYTES) {
      throw tooLarge();
    }
    if (taken + length > MAX_TOGETHER) {
      throw Reply.of(503, "busy", "too many bodies at once").header("Retry-After", "1");
    }
    taken += length;
    context.addEndHandler(ended -> taken -= length);
    context.next();
  }

  private static void type(HttpServerRequest request, Set<String> accepted) {
    String header = request.getHeader("Content-Type");
    String type = header == null ? "" : header.split(";", 2)[0].strip().toLowerCase(Locale.ROOT);
    if (!accepted.contains(type)) {
      throw Reply.of(
          415,
          "unsupported media type",
          "the Content-Type must be " + String.join(" or ", accepted.stream().sorted().toList()));
    }
  }

  /** What is announced; for a body that comes in chunks the most it may be. */
  private static long length(HttpServerRequest request) {
    String length = request.getHeader("Content-Length");
    if (length == null) {
      return request.headers().contains("Transfer-Encoding") ? MAX_BYTES : 0;
    }
    try {
      return Long.parseUnsignedLong(length) < 0 ? Long.MAX_VALUE : Long.parseLong(length);
    } catch (NumberFormatException malformed) {
      throw Reply.of(400, "bad request", "the Content-Length is malformed");
    }
  }

  static Reply tooLarge() {
    return Reply.of(413, "too large", "a body may have " + MAX_BYTES + " bytes");
  }

  /**
   * The body as an object.
   *
   * @param sentAt JSON pointer of its place in the configuration
   * @throws Reply 400 when it is not JSON, 422 when it is not an object
   */
  static ObjectNode object(RoutingContext context, Body body, String sentAt) {
    Buffer buffer = context.body().buffer();
    byte[] bytes = buffer == null ? new byte[0] : buffer.getBytes();
    try {
      JsonNode node = body == Body.PATCH ? JsonReader.patch(bytes) : JsonReader.value(bytes);
      if (node instanceof ObjectNode object) {
        return object;
      }
    } catch (ConfigException malformed) {
      throw Reply.malformed(malformed.problems(), sentAt);
    }
    throw Reply.invalid(List.of(Problem.at(sentAt, "must be an object")), sentAt);
  }
}
