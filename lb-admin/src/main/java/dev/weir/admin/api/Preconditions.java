package dev.weir.admin.api;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** {@code If-Match} (RFC 9110, 13.1.1) on generations: the strong ETag of everything is one. */
final class Preconditions {
  private static final Pattern TAG = Pattern.compile("\\s*(W/)?\"([^\"\\x00-\\x20]*)\"\\s*(,|$)");
  private static final int MAX_TAGS = 16;

  private Preconditions() {}

  static String etag(long generation) {
    return "\"" + generation + "\"";
  }

  /**
   * The generation that a change expects to run.
   *
   * @param header the value of If-Match; null when there is none
   * @return empty: whatever runs
   * @throws Reply 412 when it names other generations only, 400 when it is malformed
   */
  static OptionalLong expected(String header, long running) {
    if (header == null || header.strip().equals("*")) {
      return OptionalLong.empty();
    }
    if (tags(header).contains(Long.toString(running))) {
      return OptionalLong.of(running);
    }
    throw stale(running);
  }

  static Reply stale(long running) {
    return Reply.of(
            412, "precondition failed", "generation " + running + " is running; read it again")
        .header("ETag", etag(running));
  }

  /** Weak tags never match in If-Match, so they are left out. */
  private static List<String> tags(String header) {
    List<String> tags = new ArrayList<>();
    Matcher matcher = TAG.matcher(header);
    int at = 0;
    do {
      if (!matcher.find(at) || matcher.start() != at || tags.size() == MAX_TAGS) {
        throw Reply.of(400, "bad request", "If-Match is not a list of entity tags such as \"7\"");
      }
      if (matcher.group(1) == null) {
        tags.add(matcher.group(2));
      }
      at = matcher.end();
    } while (at < header.length() || matcher.group(3).equals(","));
    return tags;
  }
}
