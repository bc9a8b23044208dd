package dev.weir.server.ctl;

import tools.jackson.databind.JsonNode;

/** What the admin API answers, as text for a terminal. */
final class Render {
  private static final int REASON = 60;

  private Render() {}

  static String pools(JsonNode answer) {
    Table table = new Table("POOL", "ALGORITHM", "ELIGIBLE", "LOAD");
    for (JsonNode pool : answer.path("pools")) {
      table.row(
          text(pool, "name"),
          text(pool, "algorithm"),
          text(pool, "eligible") + "/" + text(pool, "backends"),
          text(pool, "load"));
    }
    return table.toString();
  }

  static Table backends() {
    return new Table(
        "BACKEND", "ADDRESS", "WEIGHT", "STATE", "HEALTH", "TRAFFIC", "IN", "LOAD", "SINCE",
        "REASON");
  }

  static void backends(Table table, JsonNode backends) {
    for (JsonNode backend : backends) {
      JsonNode live = backend.path("live");
      table.row(
          text(backend, "pool") + "/" + text(backend, "name"),
          text(backend, "address"),
          text(backend, "weight") + (backend.path("backup").asBoolean(false) ? " backup" : ""),
          text(backend, "state"),
          text(live, "health"),
          text(live, "detector"),
          live.path("eligible").asBoolean(false) ? "yes" : "no",
          text(live, "load"),
          text(live, "since").replaceFirst("\\.\\d+Z$", "Z"),
          shortened(text(live, "reason")));
    }
  }

  static String pool(JsonNode answer) {
    Table table = backends();
    backends(table, answer.path("backends"));
    return "pool "
        + text(answer, "name")
        + ": "
        + text(answer, "algorithm")
        + ", "
        + text(answer, "eligible")
        + " of "
        + answer.path("backends").size()
        + " eligible, generation "
        + text(answer, "generation")
        + "\n\n"
        + table;
  }

  static String listeners(JsonNode answer) {
    Table table = new Table("LISTENER", "PROTOCOL", "ADDRESS", "POOL", "ROUTES", "CONNECTIONS");
    for (JsonNode listener : answer.path("listeners")) {
      table.row(
          text(listener, "name"),
          text(listener, "protocol"),
          text(listener, listener.path("address").isString() ? "address" : "bind")
              + (listener.path("listening").asBoolean(true) ? "" : " (closed)"),
          text(listener, "pool"),
          text(listener, "routes"),
          text(listener, "openConnections"));
    }
    return table.toString();
  }

  static String status(JsonNode answer) {
    Table table = new Table("VERSION", "UP", "GENERATION", "READY", "POOLS", "LISTENERS");
    table.row(
        text(answer, "version"),
        text(answer, "uptimeSeconds") + "s",
        text(answer, "generation"),
        answer.path("ready").asBoolean(false) ? "yes" : "no",
        text(answer, "pools"),
        text(answer, "listeners"));
    return table.toString();
  }

  static String change(JsonNode answer) {
    boolean dry = answer.path("dryRun").asBoolean(false);
    if (!answer.path("changed").asBoolean(false)) {
      return "nothing differs; generation " + text(answer, "generation") + "\n";
    }
    StringBuilder text = new StringBuilder();
    text.append(dry ? "dry run; running stays generation " : "generation ");
    text.append(text(answer, "generation")).append('\n');
    JsonNode plan = answer.path("plan");
    plan.path("added").forEach(name -> text.append("+ ").append(name.asString()).append('\n'));
    plan.path("changed").forEach(name -> text.append("~ ").append(name.asString()).append('\n'));
    plan.path("removed").forEach(name -> text.append("- ").append(name.asString()).append('\n'));
    return text.toString();
  }

  private static String text(JsonNode node, String name) {
    return node.path(name).asString("");
  }

  private static String shortened(String text) {
    return text.length() <= REASON ? text : text.substring(0, REASON - 3) + "...";
  }
}
