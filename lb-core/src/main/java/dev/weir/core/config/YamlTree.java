package dev.weir.core.config;

import dev.weir.core.config.Document.Origin;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Parse;
import org.snakeyaml.engine.v2.events.AliasEvent;
import org.snakeyaml.engine.v2.events.CollectionStartEvent;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.events.MappingStartEvent;
import org.snakeyaml.engine.v2.events.NodeEvent;
import org.snakeyaml.engine.v2.events.ScalarEvent;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Builds the JSON tree of one YAML file from the parser's events, noting the line of each value.
 * Strict: no tags, no merge keys, no second document, text keys only, each once, no empty values.
 * Used by {@link ConfigReader}, one for each file.
 */
final class YamlTree {
  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

  private final String file;
  private final Budget budget;
  private final Problems problems;
  private final Map<String, Origin> origins = new HashMap<>();
  private final Map<String, Anchored> anchors = new HashMap<>();
  private Iterator<Event> events;

  /** What one configuration may still hold; shared by its files. */
  static final class Budget {
    private int nodes;
    private int aliased;
    private int files;

    boolean takeFile() {
      return ++files <= Bounds.FILES;
    }
  }

  /** What an anchor names; a null node is one that is still being read. */
  private record Anchored(JsonNode node, int nodes, int height) {}

  /** Ends the reading of a file that cannot be read on; its problem is reported. */
  private static final class Stop extends RuntimeException {
    private static final long serialVersionUID = 1L;

    Stop() {
      super(null, null, false, false);
    }
  }

  YamlTree(String file, Budget budget, Problems problems) {
    this.file = file;
    this.budget = budget;
    this.problems = problems;
  }

  /** Where values stand, by JSON pointer. */
  Map<String, Origin> origins() {
    return origins;
  }

  /** The tree, as far as it can be made out; null when there is none. Problems are reported. */
  JsonNode read(String text) {
    LoadSettings settings =
        LoadSettings.builder().setLabel(file).setCodePointLimit(Integer.MAX_VALUE).build();
    try {
      events = new Parse(settings).parseString(text).iterator();
      events.next();
      Event event = events.next();
      if (event.getEventId() == Event.ID.StreamEnd) {
        wrong(1, "", "the file is empty");
        return null;
      }
      JsonNode tree = root(events.next());
      events.next();
      Event next = events.next();
      if (next.getEventId() != Event.ID.StreamEnd) {
        wrong(line(next), "", "a second document begins here; a file must hold one only");
      }
      return tree;
    } catch (Stop reported) {
      return null;
    } catch (MarkedYamlEngineException e) {
      wrong(e.getProblemMark().map(YamlTree::line).orElse(1), "", YamlFailures.sentence(e));
    } catch (YamlEngineException e) {
      wrong(YamlFailures.line(e, text), "", YamlFailures.sentence(e));
    }
    return null;
  }

  private JsonNode root(Event event) {
    int line = line(event);
    origins.put("", new Origin(file, line));
    boolean nothing =
        event instanceof ScalarEvent scalar && scalar.isPlain() && scalar.getValue().isEmpty();
    if (nothing) {
      wrong(line, "", "the file is empty");
      return null;
    }
    JsonNode tree = value("", event, 0, line);
    if (!tree.isObject()) {
      wrong(line, "", "the top level must be a map such as 'listeners:' or 'pools:'");
      return null;
    }
    return tree;
  }

  /** One value; its line is that of its key. */
  private JsonNode value(String path, Event event, int depth, int line) {
    if (++budget.nodes > Bounds.NODES) {
      throw stop(line, path, "the configuration has more than " + Bounds.NODES + " values");
    }
    if (event instanceof AliasEvent alias) {
      return aliased(path, alias, depth, line);
    }
    if (depth > Bounds.DEPTH || (depth == Bounds.DEPTH && event instanceof CollectionStartEvent)) {
      throw stop(line, path, "more than " + Bounds.DEPTH + " maps and lists inside one another");
    }
    refuseTag(path, event, line);
    String anchor = ((NodeEvent) event).getAnchor().map(a -> a.getValue()).orElse(null);
    if (anchor != null) {
      anchors.put(anchor, new Anchored(null, 0, 0));
    }
    int before = budget.nodes;
    JsonNode node = content(path, event, depth, line);
    if (anchor != null) {
      anchors.put(anchor, new Anchored(node, budget.nodes - before + 1, height(node)));
    }
    return node;
  }

  private JsonNode content(String path, Event event, int depth, int line) {
    if (event instanceof MappingStartEvent) {
      return map(path, depth, line);
    }
    if (event instanceof CollectionStartEvent) {
      return list(path, depth, line);
    }
    return scalar(path, (ScalarEvent) event, line);
  }

  private JsonNode aliased(String path, AliasEvent alias, int depth, int line) {
    String name = alias.getAlias().getValue();
    Anchored anchored = anchors.get(name);
    if (anchored == null) {
      throw stop(line, path, "*" + Quote.bare(name) + " refers to an anchor that is not above it");
    }
    if (anchored.node() == null) {
      throw stop(line, path, "*" + Quote.bare(name) + " refers to what it is a part of");
    }
    budget.nodes += anchored.nodes();
    budget.aliased += anchored.nodes();
    if (budget.aliased > Bounds.ALIASED_NODES) {
      throw stop(line, path, "aliases stand for more than " + Bounds.ALIASED_NODES + " values");
    }
    if (depth + anchored.height() > Bounds.DEPTH) {
      throw stop(line, path, "more than " + Bounds.DEPTH + " maps and lists inside one another");
    }
    return anchored.node();
  }

  private JsonNode map(String path, int depth, int line) {
    ObjectNode map = NODES.objectNode();
    Map<String, Integer> lines = new HashMap<>();
    for (Event key = events.next(); key.getEventId() != Event.ID.MappingEnd; key = events.next()) {
      int keyLine = line(key);
      String name = key(path, key, depth, keyLine);
      if (name == null) {
        skip(events.next());
        continue;
      }
      String child = Pointers.child(path, name);
      Integer first = lines.putIfAbsent(name, keyLine);
      if (first != null) {
        wrong(
            keyLine,
            child,
            "the key " + Quote.text(name) + " is given twice; first in line " + first);
        skip(events.next());
        continue;
      }
      if (keyLine != line) {
        origins.put(child, new Origin(file, keyLine));
      }
      map.set(name, value(child, events.next(), depth + 1, keyLine));
    }
    return map;
  }

  /** The text of a key; null when it is none, and reported. */
  private String key(String path, Event event, int depth, int line) {
    if (!(event instanceof ScalarEvent scalar)) {
      wrong(line, path, "a key must be text, not a map, a list or an alias");
      if (!(event instanceof AliasEvent)) {
        skip(event);
      }
      return null;
    }
    refuseTag(path, event, line);
    scalar
        .getAnchor()
        .ifPresent(
            a ->
                anchors.put(a.getValue(), new Anchored(NODES.stringNode(scalar.getValue()), 1, 0)));
    String text = scalar.getValue();
    if (scalar.isPlain() && text.equals("<<")) {
      wrong(line, path, "merge keys ('<<') are not supported; use an alias for the whole value");
      return null;
    }
    if (scalar.isPlain() && !isText(text)) {
      wrong(line, path, "a key must be text; write it in quotes: \"" + Quote.bare(text) + "\"");
      return null;
    }
    if (depth >= Bounds.DEPTH) {
      throw stop(line, path, "more than " + Bounds.DEPTH + " maps and lists inside one another");
    }
    return text;
  }

  private static boolean isText(String plain) {
    try {
      return Scalars.plain(plain).isString();
    } catch (IllegalArgumentException number) {
      return false;
    }
  }

  private JsonNode list(String path, int depth, int line) {
    ArrayNode list = NODES.arrayNode();
    for (Event event = events.next();
        event.getEventId() != Event.ID.SequenceEnd;
        event = events.next()) {
      String child = Pointers.child(path, list.size());
      int elementLine = line(event);
      if (elementLine != line) {
        origins.put(child, new Origin(file, elementLine));
      }
      list.add(value(child, event, depth + 1, elementLine));
    }
    return list;
  }

  private JsonNode scalar(String path, ScalarEvent scalar, int line) {
    if (!scalar.isPlain()) {
      return NODES.stringNode(scalar.getValue());
    }
    try {
      JsonNode node = Scalars.plain(scalar.getValue());
      if (node.isNull()) {
        wrong(line, path, "has no value; give one, {} for an empty map, or remove the key");
      }
      return node;
    } catch (IllegalArgumentException e) {
      wrong(line, path, e.getMessage());
      return NODES.nullNode();
    }
  }

  private void skip(Event first) {
    int open = 0;
    Event event = first;
    while (true) {
      switch (event.getEventId()) {
        case MappingStart, SequenceStart -> open++;
        case MappingEnd, SequenceEnd -> open--;
        default -> {}
      }
      if (open == 0) {
        return;
      }
      event = events.next();
    }
  }

  private void refuseTag(String path, Event event, int line) {
    String tag = null;
    if (event instanceof ScalarEvent scalar) {
      tag = scalar.getTag().orElse(null);
    } else if (event instanceof CollectionStartEvent collection) {
      tag = collection.getTag().orElse(null);
    }
    if (tag != null) {
      wrong(line, path, "tags are not supported: " + Quote.text(tag));
    }
  }

  private static int height(JsonNode node) {
    int highest = 0;
    for (JsonNode child : node) {
      highest = Math.max(highest, height(child));
    }
    return node.isContainer() ? highest + 1 : 0;
  }

  private Stop stop(int line, String path, String message) {
    wrong(line, path, message);
    return new Stop();
  }

  private void wrong(int line, String path, String message) {
    problems.add(new Problem(file, line, path, message));
  }

  private static int line(Event event) {
    return event.getStartMark().map(YamlTree::line).orElse(1);
  }

  private static int line(Mark mark) {
    return mark.getLine() + 1;
  }
}
