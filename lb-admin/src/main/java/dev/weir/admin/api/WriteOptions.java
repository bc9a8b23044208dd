package dev.weir.admin.api;

import io.vertx.core.MultiMap;
import java.util.Set;

/**
 * The query of a write.
 *
 * @param dryRun only say what would happen
 * @param reason why, for the history; may be empty
 */
record WriteOptions(boolean dryRun, String reason) {
  static final int MAX_REASON = 256;

  private static final Set<String> KNOWN = Set.of("dryRun", "reason");

  /**
   * Reads the query.
   *
   * @throws Reply 400 for what is unknown or malformed: a misspelt {@code dryRun} must not write
   */
  static WriteOptions of(MultiMap query) {
    for (String name : query.names()) {
      if (!KNOWN.contains(name) || query.getAll(name).size() > 1) {
        throw Reply.of(
            400,
            "bad request",
            "query parameter '"
                + Json.printable(name)
                + "' is unknown or repeated; known: dryRun, reason");
      }
    }
    String dryRun = query.contains("dryRun") ? query.get("dryRun") : "false";
    if (!dryRun.equals("true") && !dryRun.equals("false")) {
      throw Reply.of(400, "bad request", "dryRun is true or false");
    }
    String reason = query.contains("reason") ? query.get("reason") : "";
    if (reason.length() > MAX_REASON || !Json.printable(reason).equals(reason)) {
      throw Reply.of(
          400, "bad request", "reason is one line of at most " + MAX_REASON + " characters");
    }
    return new WriteOptions(dryRun.equals("true"), reason);
  }
}
