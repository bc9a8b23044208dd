package dev.weir.server.ctl;

import picocli.CommandLine.Option;

/** Options that all commands have that change something. */
final class WriteFlags {
  @Option(names = "--dry-run", description = "Only say what would happen.")
  private boolean dryRun;

  @Option(names = "--reason", paramLabel = "TEXT", description = "Why; kept in the history.")
  private String reason;

  /** The options as the query of a request, encoded. */
  String query() {
    String query = dryRun ? "?dryRun=true" : "";
    if (reason != null) {
      query += (query.isEmpty() ? "?" : "&") + "reason=" + BackendName.encoded(reason);
    }
    return query;
  }
}
