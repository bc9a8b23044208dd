package dev.weir.core.config;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Brings changes made through the API together with a file that changed meanwhile. Maps are merged
 * key by key; anything else, lists included, is one value: changed on one side only, that side
 * wins; changed on both sides differently, it is a conflict.
 */
public final class ThreeWayMerge {
  private final List<Conflict> conflicts = new ArrayList<>();

  private ThreeWayMerge() {}

  /** What became of a merge. */
  public sealed interface Result {
    /** Both sides together. */
    record Merged(JsonNode tree) implements Result {}

    /** The sides contradict each other; at least one. */
    record Conflicts(List<Conflict> conflicts) implements Result {}
  }

  /**
   * Both sides changed one value, to different ones.
   *
   * @param path JSON pointer
   * @param before the value both started from; null when there was none
   * @param file what the file has now; null when it is gone there
   * @param running what the API made of it; null when it is gone there
   */
  public record Conflict(String path, JsonNode before, JsonNode file, JsonNode running) {
    /** One line that shows both sides. */
    @Override
    public String toString() {
      return path
          + ": the file has "
          + show(file)
          + ", the API "
          + show(running)
          + ", before "
          + show(before);
    }

    private static String show(JsonNode value) {
      return value == null ? "nothing" : Quote.bare(value.toString());
    }
  }

  /**
   * Merges.
   *
   * @param oldBase the file's tree that the changes were made against
   * @param newBase the file's tree now
   * @param running {@code oldBase} with the changes made through the API
   */
  public static Result merge(JsonNode oldBase, JsonNode newBase, JsonNode running) {
    ThreeWayMerge merge = new ThreeWayMerge();
    JsonNode tree = merge.value("", oldBase, newBase, running);
    return merge.conflicts.isEmpty()
        ? new Result.Merged(tree)
        : new Result.Conflicts(List.copyOf(merge.conflicts));
  }

  private JsonNode value(String path, JsonNode before, JsonNode file, JsonNode running) {
    if (same(before, file)) {
      return running;
    }
    if (same(before, running) || same(file, running)) {
      return file;
    }
    boolean objects = isObject(file) && isObject(running) && (before == null || before.isObject());
    if (objects) {
      return members(path, before, file, running);
    }
    conflicts.add(new Conflict(path, before, file, running));
    return file;
  }

  private JsonNode members(String path, JsonNode before, JsonNode file, JsonNode running) {
    Set<String> keys = new LinkedHashSet<>(file.propertyNames());
    keys.addAll(running.propertyNames());
    ObjectNode merged = JsonNodeFactory.instance.objectNode();
    for (String key : keys) {
      JsonNode was = before == null ? null : before.get(key);
      JsonNode is = value(Pointers.child(path, key), was, file.get(key), running.get(key));
      if (is != null) {
        merged.set(key, is);
      }
    }
    return merged;
  }

  private static boolean same(JsonNode a, JsonNode b) {
    return Objects.equals(a, b);
  }

  private static boolean isObject(JsonNode node) {
    return node != null && node.isObject();
  }
}
