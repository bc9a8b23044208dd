package dev.weir.server.demo;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpClient.Version;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** A client of the demo: some requests a second, and who answered them. Used on one thread. */
final class DemoTraffic {
  private static final Duration TIMEOUT = Duration.ofSeconds(5);

  private final HttpClient client = HttpClient.newBuilder().version(Version.HTTP_1_1).build();
  private final HttpRequest request;
  private final Map<String, Integer> answers = new TreeMap<>();
  private int failed;

  DemoTraffic(URI target) {
    request = HttpRequest.newBuilder(target).timeout(TIMEOUT).build();
  }

  /** Sends a request and counts what became of it. */
  void ask() {
    HttpResponse<Void> response;
    try {
      response = client.send(request, BodyHandlers.discarding());
    } catch (java.io.IOException lost) {
      failed++;
      return;
    } catch (InterruptedException over) {
      Thread.currentThread().interrupt();
      return;
    }
    if (response.statusCode() == 200) {
      answers.merge(response.headers().firstValue("X-Backend").orElse("?"), 1, Integer::sum);
    } else {
      failed++;
    }
  }

  /** What happened since the last summary, in one line. */
  String summary() {
    String shares =
        answers.entrySet().stream()
            .map(entry -> entry.getKey() + " " + entry.getValue())
            .collect(Collectors.joining(", "));
    String line =
        "requests answered: " + (shares.isEmpty() ? "none" : shares) + "; failed " + failed;
    answers.clear();
    failed = 0;
    return line;
  }
}
