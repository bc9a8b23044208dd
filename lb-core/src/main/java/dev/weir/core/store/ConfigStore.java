package dev.weir.core.store;

import dev.weir.core.config.Document;
import java.io.IOException;
import java.util.Optional;
import java.util.function.Consumer;
import tools.jackson.databind.JsonNode;

/**
 * The durable history of the configuration. Nothing above this interface may assume that it is the
 * only writer. Calls may block on a disk or a network: workers only.
 */
public interface ConfigStore extends AutoCloseable {
  /** The newest valid state; empty when nothing was ever stored. */
  Optional<Stored> load() throws IOException;

  /**
   * Stores a change, durably before it returns.
   *
   * @param expectedGeneration the generation the change was made against; 0 for the first
   * @return the new generation, or the conflict when another writer was faster
   * @throws IOException when it could not be made durable; nothing has changed then
   */
  Appended append(long expectedGeneration, Change change) throws IOException;

  /** Calls back, on any thread, after each generation that somebody else appended. */
  AutoCloseable watch(Consumer<Stored> changed);

  @Override
  void close() throws IOException;

  /**
   * A state.
   *
   * @param base the file it started from
   * @param effective base with all changes since
   */
  record Stored(long generation, Document base, Document effective) {}

  /**
   * A change.
   *
   * @param author who
   * @param reason why, may be empty
   * @param epochMillis when
   * @param patch JSON merge patch (RFC 7396) from the effective document before to the one after
   * @param base the new base when the file changed; null when it did not
   */
  record Change(String author, String reason, long epochMillis, JsonNode patch, Document base) {}

  /** What became of an append. */
  sealed interface Appended {
    /** Stored as this generation. */
    record Ok(long generation) implements Appended {}

    /** Not stored: the newest generation is this one. */
    record Conflict(long current) implements Appended {}
  }
}
