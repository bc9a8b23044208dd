package dev.weir.admin.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.weir.core.config.Problem;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A refusal: a status and an {@code application/problem+json} body (RFC 9457). Thrown by whatever
 * handles a request; written by the router's failure handler.
 */
final class Reply extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final int status;
  private final String title;
  private final transient List<Fault> faults;
  private final transient Map<String, String> headers = new LinkedHashMap<>();

  /**
   * One thing that is wrong.
   *
   * @param path JSON pointer in the whole configuration
   * @param pointer JSON pointer in the document that was sent; null when it lies elsewhere
   * @param file name of the configuration file, without folders; null for a sent document
   * @param line line in that file; null when unknown
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  record Fault(String path, String pointer, String file, Integer line, String message) {
    static Fault of(Problem problem, String sentAt) {
      String path = problem.path();
      boolean inside = sentAt != null && (path.equals(sentAt) || path.startsWith(sentAt + "/"));
      Path name = problem.file().isEmpty() ? null : Path.of(problem.file()).getFileName();
      return new Fault(
          path,
          inside ? path.substring(sentAt.length()) : null,
          name == null ? null : name.toString(),
          problem.line() > 0 ? problem.line() : null,
          problem.message());
    }
  }

  /** The body. */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  record Body(String type, String title, int status, String detail, List<Fault> problems) {}

  private Reply(int status, String title, String detail, List<Fault> faults) {
    super(detail, null, false, false);
    this.status = status;
    this.title = title;
    this.faults = faults;
  }

  /** A refusal with one sentence. */
  static Reply of(int status, String title, String detail) {
    return new Reply(status, title, detail, null);
  }

  /**
   * 422: everything that is wrong with a configuration.
   *
   * @param sentAt JSON pointer of what was sent; null when the configuration came from elsewhere
   */
  static Reply invalid(List<Problem> problems, String sentAt) {
    return faulty(422, "invalid configuration", problems, sentAt);
  }

  /** 409: what is to be removed is in use; the problems say where. */
  static Reply inUse(List<Problem> problems) {
    return faulty(409, "conflict", problems, null);
  }

  /**
   * 400: everything that is wrong with a body as JSON.
   *
   * @param problems with JSON pointers in what was sent
   * @param sentAt JSON pointer of what was sent
   */
  static Reply malformed(List<Problem> problems, String sentAt) {
    List<Problem> absolute =
        problems.stream()
            .map(problem -> Problem.at(sentAt + problem.path(), problem.message()))
            .toList();
    return faulty(400, "malformed JSON", absolute, sentAt);
  }

  private static Reply faulty(int status, String title, List<Problem> problems, String sentAt) {
    List<Fault> faults = problems.stream().map(problem -> Fault.of(problem, sentAt)).toList();
    String detail =
        faults.size() == 1 ? "there is a problem" : "there are " + faults.size() + " problems";
    return new Reply(status, title, detail, faults);
  }

  /** Adds a header to the answer. */
  Reply header(String name, String value) {
    headers.put(name, value);
    return this;
  }

  int status() {
    return status;
  }

  Map<String, String> headers() {
    return headers;
  }

  Body body() {
    return new Body("about:blank", title, status, getMessage(), faults);
  }
}
