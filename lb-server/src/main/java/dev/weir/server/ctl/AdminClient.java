package dev.weir.server.ctl;

import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.Map;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A client of the admin API; blocks. Used by one command at a time. */
final class AdminClient {
  private static final Duration CONNECT = Duration.ofSeconds(2);
  private static final Duration ANSWER = Duration.ofSeconds(35);

  private final URI base;
  private final String token;
  private final JsonMapper json = JsonMapper.builder().build();
  private final HttpClient http =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(CONNECT)
          .proxy(HttpClient.Builder.NO_PROXY)
          .build();

  /**
   * A client.
   *
   * @param base such as {@code http://127.0.0.1:9900}
   */
  AdminClient(URI base, String token) {
    this.base = base;
    this.token = token;
  }

  /**
   * An answer that is not a refusal.
   *
   * @param etag null when there is none
   */
  record Answer(JsonNode body, String etag) {}

  Answer get(String path) throws CtlFailure {
    return send("GET", path, null, Map.of());
  }

  /**
   * Sends a request below {@code /api/v1}.
   *
   * @param path encoded
   * @param body null: none
   * @throws CtlFailure when it cannot be sent or is refused, with every problem the answer names
   */
  Answer send(String method, String path, JsonNode body, Map<String, String> headers)
      throws CtlFailure {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(base.resolve("/api/v1" + path))
            .timeout(ANSWER)
            .header("Authorization", "Bearer " + token)
            .header("Accept", "application/json");
    if (body == null) {
      request.method(method, BodyPublishers.noBody());
    } else {
      request.header(
          "Content-Type",
          method.equals("PATCH") ? "application/merge-patch+json" : "application/json");
      request.method(method, BodyPublishers.ofByteArray(json.writeValueAsBytes(body)));
    }
    headers.forEach(request::header);
    return answer(exchange(request.build()));
  }

  private HttpResponse<byte[]> exchange(HttpRequest request) throws CtlFailure {
    try {
      return http.send(request, BodyHandlers.ofByteArray());
    } catch (HttpTimeoutException slow) {
      throw new CtlFailure("the admin API at " + base + " does not answer");
    } catch (ConnectException refused) {
      throw new CtlFailure(
          "nothing listens at "
              + base
              + "; is the balancer running, and is this its admin.bind? (see -c and --admin)");
    } catch (IOException broken) {
      throw new CtlFailure("the connection to " + base + " broke: " + broken.getMessage());
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new CtlFailure("interrupted");
    }
  }

  private Answer answer(HttpResponse<byte[]> response) throws CtlFailure {
    JsonNode body;
    try {
      body = json.readTree(response.body());
    } catch (JacksonException notJson) {
      body = json.createObjectNode();
    }
    if (response.statusCode() / 100 != 2) {
      throw new CtlFailure(refusal(response.statusCode(), body));
    }
    return new Answer(body, response.headers().firstValue("ETag").orElse(null));
  }

  private String refusal(int status, JsonNode body) {
    if (status == 401) {
      return "the token is not accepted by " + base + " (see --token-file)";
    }
    StringBuilder text = new StringBuilder();
    text.append(body.path("title").asString("the answer is not from an admin API"));
    text.append(" (").append(status).append(")");
    String detail = body.path("detail").asString("");
    if (!detail.isEmpty()) {
      text.append(": ").append(detail);
    }
    for (JsonNode problem : body.path("problems")) {
      text.append("\n  ").append(place(problem)).append(problem.path("message").asString(""));
    }
    return text.toString();
  }

  private static String place(JsonNode problem) {
    String file = problem.path("file").asString("");
    String line = problem.path("line").asString("");
    String path = problem.path("path").asString("");
    String before = file.isEmpty() ? "" : file + (line.isEmpty() ? "" : ":" + line) + ": ";
    return before + (path.isEmpty() ? "" : path + ": ");
  }
}
