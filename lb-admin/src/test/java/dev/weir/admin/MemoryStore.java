package dev.weir.admin;

import dev.weir.core.config.Document;
import dev.weir.core.store.ConfigStore;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** A store for tests: remembers in memory, and fails when told to. */
final class MemoryStore implements ConfigStore {
  private final List<Change> changes = new ArrayList<>();
  private Stored stored;
  private String failure;

  MemoryStore(Document boot) {
    stored = new Stored(1, boot, boot);
  }

  @Override
  public synchronized Optional<Stored> load() {
    return Optional.of(stored);
  }

  @Override
  public synchronized Appended append(long expectedGeneration, Change change) throws IOException {
    if (failure != null) {
      throw new IOException(failure);
    }
    if (expectedGeneration != stored.generation()) {
      return new Appended.Conflict(stored.generation());
    }
    Document base = change.base() == null ? stored.base() : change.base();
    Document effective = Document.of(merged(stored.effective().tree(), change.patch()));
    stored = new Stored(stored.generation() + 1, base, effective);
    changes.add(change);
    return new Appended.Ok(stored.generation());
  }

  private static JsonNode merged(JsonNode before, JsonNode patch) {
    if (!(patch instanceof ObjectNode object)) {
      return patch;
    }
    ObjectNode result = object.objectNode();
    if (before instanceof ObjectNode old) {
      result.setAll(old);
    }
    object
        .properties()
        .forEach(
            member -> {
              if (member.getValue().isNull()) {
                result.remove(member.getKey());
              } else {
                result.set(member.getKey(), merged(result.get(member.getKey()), member.getValue()));
              }
            });
    return result;
  }

  synchronized void failWith(String message) {
    failure = message;
  }

  synchronized List<Change> changes() {
    return List.copyOf(changes);
  }

  @Override
  public AutoCloseable watch(Consumer<Stored> changed) {
    return () -> {};
  }

  @Override
  public void close() {}
}
