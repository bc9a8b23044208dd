package dev.weir.core.testing;

import dev.weir.core.config.Document;
import dev.weir.core.config.MergePatch;
import dev.weir.core.store.ConfigStore;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** A store in memory, for tests; can be told to fail. */
public final class MemoryStore implements ConfigStore {
  private final List<Change> changes = new ArrayList<>();
  private Stored stored;
  private IOException failure;

  /** Holds this document as generation 1. */
  public MemoryStore(Document document) {
    stored = new Stored(1, document, document);
  }

  @Override
  public synchronized Optional<Stored> load() {
    return Optional.of(stored);
  }

  /** What is stored now. */
  public synchronized Stored stored() {
    return stored;
  }

  /** All changes, in order. */
  public synchronized List<Change> changes() {
    return List.copyOf(changes);
  }

  /** Fails from now on; null: works again. */
  public synchronized void failWith(IOException reason) {
    failure = reason;
  }

  /** Somebody else stores something. */
  public synchronized void overtake() {
    stored = new Stored(stored.generation() + 1, stored.base(), stored.effective());
  }

  @Override
  public synchronized Appended append(long expectedGeneration, Change change) throws IOException {
    if (failure != null) {
      throw failure;
    }
    if (expectedGeneration != stored.generation()) {
      return new Appended.Conflict(stored.generation());
    }
    changes.add(change);
    Document effective = Document.of(MergePatch.apply(stored.effective().tree(), change.patch()));
    Document base = change.base() == null ? stored.base() : change.base();
    stored = new Stored(expectedGeneration + 1, base, effective);
    return new Appended.Ok(stored.generation());
  }

  @Override
  public AutoCloseable watch(Consumer<Stored> changed) {
    return () -> {};
  }

  @Override
  public void close() {}
}
