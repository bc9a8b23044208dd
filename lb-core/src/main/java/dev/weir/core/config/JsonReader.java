package dev.weir.core.config;

import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.core.exc.StreamConstraintsException;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Reads JSON that callers of the API send, within the bounds of configuration files: 4 MiB, 64
 * levels, each key once, numbers that fit. Stateless.
 */
public final class JsonReader {
  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
  private static final JsonFactory JSON =
      JsonFactory.builder()
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxNestingDepth(Bounds.DEPTH)
                  .maxNumberLength(64)
                  .maxNameLength(4096)
                  .maxStringLength(Bounds.FILE_BYTES)
                  .maxDocumentLength(Bounds.FILE_BYTES)
                  .build())
          .build();

  private final boolean nulls;
  private final Problems problems = new Problems();
  private int nodes;

  private JsonReader(boolean nulls) {
    this.nulls = nulls;
  }

  /**
   * A whole configuration, or a part of one; a null is a problem.
   *
   * @throws ConfigException with everything that is wrong with it as JSON
   */
  public static JsonNode value(byte[] json) throws ConfigException {
    return new JsonReader(false).read(json);
  }

  /**
   * A merge patch, in which nulls remove.
   *
   * @throws ConfigException with everything that is wrong with it as JSON
   */
  public static JsonNode patch(byte[] json) throws ConfigException {
    return new JsonReader(true).read(json);
  }

  /** A whole configuration as {@link #value} reads it. */
  public static Document document(byte[] json) throws ConfigException {
    return Document.of(value(json));
  }

  private JsonNode read(byte[] json) throws ConfigException {
    JsonNode tree = null;
    if (json.length > Bounds.FILE_BYTES) {
      problems.add("", "the document is larger than 4 MiB");
    } else {
      try (JsonParser parser = JSON.createParser(ObjectReadContext.empty(), json)) {
        if (parser.nextToken() == null) {
          problems.add("", "the document is empty");
        } else {
          tree = value("", parser);
          if (parser.nextToken() != null) {
            problems.add(
                "",
                "not valid JSON: something follows the document"
                    + place(parser.currentTokenLocation()));
          }
        }
      } catch (StreamConstraintsException e) {
        problems.add("", constraint(e) + place(e.getLocation()));
      } catch (JacksonException e) {
        problems.add("", "not valid JSON" + place(e.getLocation()));
      }
    }
    if (!problems.isEmpty()) {
      throw new ConfigException(problems.asFound());
    }
    return tree;
  }

  private JsonNode value(String path, JsonParser parser) {
    if (++nodes > Bounds.NODES) {
      throw new StreamConstraintsException("values");
    }
    return switch (parser.currentToken()) {
      case START_OBJECT -> object(path, parser);
      case START_ARRAY -> list(path, parser);
      case VALUE_STRING -> NODES.stringNode(parser.getString());
      case VALUE_TRUE -> NODES.booleanNode(true);
      case VALUE_FALSE -> NODES.booleanNode(false);
      case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> number(path, parser);
      default -> nothing(path);
    };
  }

  private JsonNode object(String path, JsonParser parser) {
    ObjectNode object = NODES.objectNode();
    while (parser.nextToken() != JsonToken.END_OBJECT) {
      String key = parser.currentName();
      String child = Pointers.child(path, key);
      parser.nextToken();
      JsonNode value = value(child, parser);
      if (object.has(key)) {
        problems.add(child, "the key " + Quote.text(key) + " is given twice");
      } else {
        object.set(key, value);
      }
    }
    return object;
  }

  private JsonNode list(String path, JsonParser parser) {
    ArrayNode list = NODES.arrayNode();
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      list.add(value(Pointers.child(path, list.size()), parser));
    }
    return list;
  }

  private JsonNode number(String path, JsonParser parser) {
    String text = parser.getString();
    try {
      JsonNode number = Scalars.plain(text);
      if (number.isNumber()) {
        return number;
      }
      problems.add(path, "the number " + Quote.text(text) + " is out of range");
    } catch (IllegalArgumentException e) {
      problems.add(path, e.getMessage());
    }
    return NODES.numberNode(0);
  }

  private JsonNode nothing(String path) {
    if (!nulls) {
      problems.add(path, "must not be null; leave the key out");
    }
    return NODES.nullNode();
  }

  private static String constraint(StreamConstraintsException e) {
    String message = String.valueOf(e.getOriginalMessage());
    if (message.contains("nesting depth")) {
      return "more than " + Bounds.DEPTH + " maps and lists inside one another";
    }
    if (message.contains("Number")) {
      return "a number of more than 64 characters";
    }
    if (message.contains("values")) {
      return "more than " + Bounds.NODES + " values";
    }
    return "a name or text is too long";
  }

  private static String place(TokenStreamLocation at) {
    return at == null || at.getLineNr() < 1
        ? ""
        : " (line " + at.getLineNr() + ", column " + at.getColumnNr() + ")";
  }
}
