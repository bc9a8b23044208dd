package dev.weir.core.config;

import java.util.LinkedHashMap;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * JSON Merge Patch (RFC 7396). Trees are values here: nothing given is modified, and results share
 * the parts that did not change. Configurations hold no nulls, which merge patch cannot express.
 */
public final class MergePatch {
  private MergePatch() {}

  /** The target with the patch applied (RFC 7396 section 2). */
  public static JsonNode apply(JsonNode target, JsonNode patch) {
    if (!patch.isObject()) {
      return patch;
    }
    ObjectNode result = JsonNodeFactory.instance.objectNode();
    if (target != null && target.isObject()) {
      result.setAll(members(target));
    }
    for (Map.Entry<String, JsonNode> member : patch.properties()) {
      if (member.getValue().isNull()) {
        result.remove(member.getKey());
      } else {
        result.set(member.getKey(), apply(result.get(member.getKey()), member.getValue()));
      }
    }
    return result;
  }

  /**
   * The smallest patch that turns {@code before} into {@code after}; an empty object when they are
   * equal objects.
   *
   * @param after holds no null, neither itself nor in an object (in lists it may)
   */
  public static JsonNode diff(JsonNode before, JsonNode after) {
    if (!before.isObject() || !after.isObject()) {
      return after;
    }
    ObjectNode patch = JsonNodeFactory.instance.objectNode();
    for (Map.Entry<String, JsonNode> member : after.properties()) {
      JsonNode was = before.get(member.getKey());
      JsonNode is = member.getValue();
      if (was == null) {
        patch.set(member.getKey(), is);
      } else if (!was.equals(is)) {
        patch.set(member.getKey(), diff(was, is));
      }
    }
    for (Map.Entry<String, JsonNode> member : before.properties()) {
      if (!after.has(member.getKey())) {
        patch.set(member.getKey(), JsonNodeFactory.instance.nullNode());
      }
    }
    return patch;
  }

  private static Map<String, JsonNode> members(JsonNode object) {
    Map<String, JsonNode> members = new LinkedHashMap<>();
    object.properties().forEach(member -> members.put(member.getKey(), member.getValue()));
    return members;
  }
}
