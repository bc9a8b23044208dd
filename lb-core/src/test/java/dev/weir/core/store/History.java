package dev.weir.core.store;

import dev.weir.core.config.Document;
import dev.weir.core.store.ConfigStore.Appended;
import dev.weir.core.store.ConfigStore.Change;
import dev.weir.core.store.ConfigStore.Stored;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Writes changes to a store and remembers what was tried and what was acknowledged. */
final class History {
  static final Path FOLDER = Path.of("/state");
  static final Path LOG = FOLDER.resolve("config.log");
  private static final JsonMapper JSON = JsonMapper.builder().build();

  private final Map<Long, Set<JsonNode>> tried = new HashMap<>();
  private final Map<Long, JsonNode> acknowledged = new HashMap<>();
  private final List<StoreNotice> notices = new ArrayList<>();
  private int number;

  static JsonNode json(String text) {
    return JSON.readTree(text.replace('\'', '"'));
  }

  static Change change(String patch) {
    return new Change("me", "", 1, json(patch), null);
  }

  static Change first(String document) {
    return new Change("file", "", 1, json(document), Document.of(json(document)));
  }

  FileConfigStore open(Disk disk, long compactBytes) throws IOException {
    return FileConfigStore.open(disk, FOLDER, compactBytes, notices::add);
  }

  List<StoreNotice> notices() {
    return notices;
  }

  /** The newest acknowledged generation. */
  long newest() {
    return acknowledged.keySet().stream().mapToLong(Long::longValue).max().orElse(0);
  }

  JsonNode tree(long generation) {
    return acknowledged.get(generation);
  }

  boolean knows(JsonNode tree) {
    return acknowledged.containsValue(tree);
  }

  boolean wasTried(Stored state) {
    return tried.getOrDefault(state.generation(), Set.of()).contains(state.effective().tree());
  }

  /** Appends something new; every third change brings a new base. */
  void append(FileConfigStore store) throws IOException {
    number++;
    String value = "{'pools':{'p" + number % 4 + "':{'retries':" + number + "}}}";
    Stored before = store.load().orElse(null);
    long generation = before == null ? 0 : before.generation();
    boolean rebase = before == null || number % 3 == 0;
    Change change = rebase ? first(value) : change(value);
    Stored after = LogState.after(before, generation + 1, change);
    tried.computeIfAbsent(generation + 1, g -> new HashSet<>()).add(after.effective().tree());
    Appended appended = store.append(generation, change);
    long stored = ((Appended.Ok) appended).generation();
    acknowledged.put(stored, after.effective().tree());
  }
}
