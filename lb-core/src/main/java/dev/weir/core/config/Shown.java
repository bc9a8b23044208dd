package dev.weir.core.config;

import tools.jackson.databind.JsonNode;

/**
 * Shows values in messages. A value that came out of a reference is shown as the reference: it may
 * be a secret.
 */
final class Shown {
  private final JsonNode before;
  private final JsonNode after;
  private final Resolver resolver;

  /**
   * Values of one document.
   *
   * @param before as written
   * @param after resolved
   */
  Shown(JsonNode before, JsonNode after, Resolver resolver) {
    this.before = before;
    this.after = after;
    this.resolver = resolver;
  }

  /** The value at a JSON pointer, in a few words. */
  String at(String pointer) {
    if (resolver.hides(pointer)) {
      return "what " + Quote.text(before.at(pointer).asString("")) + " stands for";
    }
    JsonNode node = after.at(pointer);
    if (node.isString()) {
      return Quote.text(node.stringValue());
    }
    if (node.isObject()) {
      return "a map";
    }
    if (node.isArray()) {
      return "a list";
    }
    return node.isNull() ? "nothing" : Quote.bare(node.asString(""));
  }

  /** Whether a sentence about this value must not quote it. */
  boolean hides(String pointer) {
    return resolver.hides(pointer);
  }
}
