package dev.weir.core.config;

import java.util.SplittableRandom;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Trees for tests. */
final class Trees {
  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

  private Trees() {}

  /** Single quotes stand for double ones. */
  static JsonNode tree(String json) {
    return JSON.readTree(json.replace('\'', '"'));
  }

  /** A small object with keys that often are the same. */
  static ObjectNode random(SplittableRandom random, int depth) {
    ObjectNode object = NODES.objectNode();
    int members = random.nextInt(5);
    for (int i = 0; i < members; i++) {
      object.set("k" + random.nextInt(5), value(random, depth));
    }
    return object;
  }

  private static JsonNode value(SplittableRandom random, int depth) {
    return switch (random.nextInt(depth == 0 ? 4 : 7)) {
      case 0 -> NODES.numberNode(random.nextInt(3));
      case 1 -> NODES.stringNode("s" + random.nextInt(3));
      case 2 -> NODES.booleanNode(random.nextBoolean());
      case 3 -> list(random);
      default -> random(random, depth - 1);
    };
  }

  private static ArrayNode list(SplittableRandom random) {
    ArrayNode list = NODES.arrayNode();
    int size = random.nextInt(3);
    for (int i = 0; i < size; i++) {
      list.add(random.nextInt(2));
    }
    return list;
  }
}
