package dev.weir.bench.drill;

import dev.weir.bench.UnfitException;
import dev.weir.bench.run.Proxy;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Talks to the admin API and the metrics of a Weir that the harness has started. Any thread. */
public final class AdminClient {
  private static final Duration START = Duration.ofSeconds(30);
  private static final Duration LIMIT = Duration.ofSeconds(10);
  private static final JsonMapper JSON = JsonMapper.builder().build();

  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).connectTimeout(LIMIT).build();
  private final String api;
  private final String metrics;
  private final String token;

  /**
   * What was answered.
   *
   * @param status HTTP status
   * @param generation of the ETag; 0 without one
   */
  public record Answer(int status, long generation, String body) {
    /** Whether it did what it was asked to. */
    public boolean done() {
      return status == 200 || status == 201;
    }

    JsonNode json() {
      return JSON.readTree(body);
    }
  }

  /** Waits for the admin API and the metrics, which start after the data listeners. */
  public static AdminClient of(Proxy weir) {
    weir.child().awaitPort(weir.admin(), START);
    weir.child().awaitPort(weir.metrics(), START);
    return new AdminClient(weir);
  }

  private AdminClient(Proxy weir) {
    api = "http://127.0.0.1:" + weir.admin() + "/api/v1";
    metrics = "http://127.0.0.1:" + weir.metrics() + "/metrics";
    Path file = weir.folder().resolve("state/admin.token");
    try {
      token = Files.readString(file).strip();
    } catch (IOException unreadable) {
      throw new UnfitException("cannot read the admin token " + file);
    }
  }

  Answer get(String path) throws IOException {
    return send("GET", path, "");
  }

  /** Adds or replaces what the path below {@code /api/v1} names. */
  public Answer put(String path, String json) throws IOException {
    return send("PUT", path, json);
  }

  /** A merge patch of it. */
  public Answer patch(String path, String json) throws IOException {
    return send("PATCH", path, json);
  }

  /** Removes it. */
  public Answer delete(String path) throws IOException {
    return send("DELETE", path, "");
  }

  private Answer send(String method, String path, String json) throws IOException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(api + path))
            .timeout(LIMIT)
            .header("Authorization", "Bearer " + token);
    if (json.isEmpty()) {
      request.method(method, HttpRequest.BodyPublishers.noBody());
    } else {
      String type = method.equals("PATCH") ? "application/merge-patch+json" : "application/json";
      request.header("Content-Type", type);
      request.method(method, HttpRequest.BodyPublishers.ofString(json));
    }
    HttpResponse<String> response = exchange(request.build());
    String tag = response.headers().firstValue("ETag").orElse("\"0\"").replace("\"", "");
    return new Answer(response.statusCode(), Long.parseLong(tag), response.body());
  }

  private HttpResponse<String> exchange(HttpRequest request) throws IOException {
    try {
      return http.send(request, HttpResponse.BodyHandlers.ofString());
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", interrupted);
    }
  }

  /** The sum of all samples of a metric whose labels contain a text. */
  long metric(String name, String label) throws IOException {
    return sum(metrics(), name, label);
  }

  /** All metrics, as text. */
  public String metrics() throws IOException {
    HttpRequest request = HttpRequest.newBuilder(URI.create(metrics)).timeout(LIMIT).build();
    HttpResponse<String> response = exchange(request);
    if (response.statusCode() != 200) {
      throw new IOException(metrics + " answers " + response.statusCode());
    }
    return response.body();
  }

  /** The sum of all samples of a metric, with labels that contain the text or without any. */
  public static long sum(String text, String name, String label) {
    return text.lines()
        .filter(line -> line.startsWith(name + "{") || line.startsWith(name + " "))
        .filter(line -> line.contains(label))
        .mapToLong(line -> (long) Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
        .sum();
  }
}
