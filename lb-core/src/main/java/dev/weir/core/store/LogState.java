package dev.weir.core.store;

import dev.weir.core.config.Document;
import dev.weir.core.config.MergePatch;
import dev.weir.core.store.ConfigStore.Change;
import dev.weir.core.store.ConfigStore.Stored;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * What the payloads of records say, as JSON: {@code snapshot} holds a whole state and stands first
 * in a log, {@code change} leads from one generation to the next. Stateless.
 */
final class LogState {
  private static final JsonMapper JSON = JsonMapper.builder().build();

  private LogState() {}

  /** The payload of a change. */
  static byte[] change(Change change) {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("kind", "change");
    json.put("author", change.author());
    json.put("reason", change.reason());
    json.put("time", change.epochMillis());
    json.set("patch", change.patch());
    if (change.base() != null) {
      json.set("base", change.base().tree());
    }
    return JSON.writeValueAsBytes(json);
  }

  /** The payload of a snapshot. */
  static byte[] snapshot(Stored state) {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("kind", "snapshot");
    json.set("base", state.base().tree());
    if (!state.effective().equals(state.base())) {
      json.set("effective", state.effective().tree());
    }
    return JSON.writeValueAsBytes(json);
  }

  /**
   * The state after a change.
   *
   * @param before null when there is none yet
   * @throws IllegalArgumentException when the first change has no base, or the outcome is no object
   */
  static Stored after(Stored before, long generation, Change change) {
    Document base = change.base() != null || before == null ? change.base() : before.base();
    if (base == null) {
      throw new IllegalArgumentException("the first change must bring a base");
    }
    JsonNode from = before == null ? null : before.effective().tree();
    JsonNode effective = MergePatch.apply(from, change.patch());
    if (!effective.isObject() || !base.tree().isObject()) {
      throw new IllegalArgumentException("a configuration must be an object");
    }
    return new Stored(generation, Document.of(base.tree()), Document.of(effective));
  }

  /**
   * The state after a record of a log.
   *
   * @param before null before the first
   * @param log the bytes of the log
   * @return null when the record makes no sense there
   */
  static Stored after(Stored before, byte[] log, LogFormat.Entry entry) {
    try {
      JsonNode json = JSON.readTree(log, entry.begin(), entry.end() - entry.begin());
      String kind = json.path("kind").asString("");
      if (before == null && kind.equals("snapshot")) {
        Document base = Document.of(json.required("base"));
        JsonNode effective = json.get("effective");
        return new Stored(
            entry.generation(), base, effective == null ? base : Document.of(effective));
      }
      boolean next = before == null || entry.generation() == before.generation() + 1;
      if (!next || !kind.equals("change")) {
        return null;
      }
      JsonNode base = json.get("base");
      Change change =
          new Change(
              json.path("author").asString(""),
              json.path("reason").asString(""),
              json.path("time").asLong(0),
              json.required("patch"),
              base == null ? null : Document.of(base));
      return after(before, entry.generation(), change);
    } catch (JacksonException | IllegalArgumentException damaged) {
      return null;
    }
  }
}
