package dev.weir.core.config;

import dev.weir.core.config.Document.Origin;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Reads a configuration file and the files it includes into one {@link Document}. Included files
 * add listeners and pools by name; every other key may be given in one file only. References to the
 * environment and to files stay as they are. Blocks: workers only.
 */
public final class ConfigReader {
  private static final Set<String> BY_NAME = Set.of("listeners", "pools");

  private final Problems problems = new Problems();
  private final YamlTree.Budget budget = new YamlTree.Budget();
  private final ObjectNode tree = JsonNodeFactory.instance.objectNode();
  private final Map<String, Origin> origins = new HashMap<>();
  private final Set<Path> seen = new HashSet<>();
  private final Deque<Path> open = new ArrayDeque<>();

  private ConfigReader() {}

  /**
   * Reads.
   *
   * @throws ConfigException with everything that is wrong with the text of the files
   */
  public static Document read(Path file) throws ConfigException {
    ConfigReader reader = new ConfigReader();
    reader.file(file, new Problem(file.toString(), 0, "", ""));
    if (!reader.problems.isEmpty()) {
      throw new ConfigException(reader.problems.asFound());
    }
    return new Document(reader.tree, reader.origins);
  }

  /**
   * @param asked where it was asked for
   */
  private void file(Path file, Problem asked) {
    Path real = real(file, asked);
    if (real == null) {
      return;
    }
    if (open.contains(real)) {
      wrong(asked, Quote.text(file.toString()) + " includes itself");
    } else if (!seen.add(real)) {
      wrong(asked, Quote.text(file.toString()) + " is included twice");
    } else if (open.size() > Bounds.INCLUDE_DEPTH) {
      wrong(asked, "more than " + Bounds.INCLUDE_DEPTH + " includes inside one another");
    } else if (!budget.takeFile()) {
      wrong(asked, "more than " + Bounds.FILES + " files");
    } else {
      open.push(real);
      parse(file, asked);
      open.pop();
    }
  }

  private Path real(Path file, Problem asked) {
    try {
      if (Files.isDirectory(file)) {
        wrong(asked, "cannot read " + Quote.text(file.toString()) + ": it is a folder");
        return null;
      }
      return file.toRealPath();
    } catch (IOException e) {
      wrong(asked, "cannot read " + Quote.text(file.toString()) + ": " + Failures.reason(e));
      return null;
    }
  }

  private void parse(Path file, Problem asked) {
    String text = text(file, asked);
    if (text == null) {
      return;
    }
    YamlTree yaml = new YamlTree(file.toString(), budget, problems);
    JsonNode part = yaml.read(text);
    if (part != null) {
      Document document = new Document(part, yaml.origins());
      add(document);
      include(file, document);
    }
  }

  private String text(Path file, Problem asked) {
    byte[] bytes;
    try (InputStream in = Files.newInputStream(file)) {
      bytes = in.readNBytes(Bounds.FILE_BYTES + 1);
    } catch (IOException e) {
      wrong(asked, "cannot read " + Quote.text(file.toString()) + ": " + Failures.reason(e));
      return null;
    }
    if (bytes.length > Bounds.FILE_BYTES) {
      problems.add(new Problem(file.toString(), 1, "", "the file is larger than 4 MiB"));
      return null;
    }
    CharsetDecoder decoder = StandardCharsets.UTF_8.newDecoder();
    ByteBuffer in = ByteBuffer.wrap(bytes);
    try {
      String text = decoder.decode(in).toString();
      return text.startsWith("\uFEFF") ? text.substring(1) : text;
    } catch (CharacterCodingException e) {
      int line = 1;
      for (int i = 0; i < in.position(); i++) {
        line += bytes[i] == '\n' ? 1 : 0;
      }
      problems.add(new Problem(file.toString(), line, "", "the file is not UTF-8 text"));
      return null;
    }
  }

  private void add(Document part) {
    for (Map.Entry<String, JsonNode> member : part.tree().properties()) {
      String key = member.getKey();
      String path = Pointers.child("", key);
      JsonNode value = member.getValue();
      if (key.equals("include")) {
        continue;
      }
      JsonNode before = tree.get(key);
      if (before == null) {
        tree.set(key, value.isObject() && BY_NAME.contains(key) ? value.deepCopy() : value);
      } else if (BY_NAME.contains(key) && before.isObject() && value.isObject()) {
        addNames(path, (ObjectNode) before, value, part);
      } else {
        twice(path, part);
      }
      origins.putIfAbsent(path, part.origin(path));
    }
    part.origins().forEach(origins::putIfAbsent);
  }

  private void addNames(String path, ObjectNode all, JsonNode more, Document part) {
    for (Map.Entry<String, JsonNode> member : more.properties()) {
      String child = Pointers.child(path, member.getKey());
      if (all.has(member.getKey())) {
        twice(child, part);
      } else {
        all.set(member.getKey(), member.getValue());
        origins.put(child, part.origin(child));
      }
    }
  }

  private void twice(String path, Document part) {
    Origin first = new Document(tree, origins).origin(path);
    Origin second = part.origin(path);
    problems.add(
        new Problem(
            second.file(),
            second.line(),
            path,
            "is given twice; first in " + first.file() + ":" + first.line()));
  }

  private void include(Path file, Document document) {
    JsonNode include = document.tree().get("include");
    if (include == null) {
      return;
    }
    Iterable<JsonNode> globs = include.isArray() ? include : java.util.List.of(include);
    int index = 0;
    for (JsonNode glob : globs) {
      String path = include.isArray() ? "/include/" + index++ : "/include";
      Origin at = document.origin(path);
      Problem asked = new Problem(at.file(), at.line(), path, "");
      if (!glob.isString()) {
        wrong(asked, "must be a file name or a glob such as 'conf.d/*.yaml'");
      } else {
        Globs.expand(file, glob.stringValue(), message -> wrong(asked, message))
            .forEach(found -> file(found, asked));
      }
    }
  }

  private void wrong(Problem asked, String message) {
    problems.add(new Problem(asked.file(), asked.line(), asked.path(), message));
  }
}
