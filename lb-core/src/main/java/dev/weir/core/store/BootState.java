package dev.weir.core.store;

import dev.weir.core.config.Document;
import dev.weir.core.config.MergePatch;
import dev.weir.core.config.ThreeWayMerge;
import dev.weir.core.config.ThreeWayMerge.Conflict;
import dev.weir.core.store.ConfigStore.Change;
import dev.weir.core.store.ConfigStore.Stored;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;

/**
 * Brings the configuration file and the changes stored beside it together, at boot and when the
 * file is read again. Computed by the composition root or the runtime; has no state.
 */
public sealed interface BootState {
  /**
   * A configuration to run.
   *
   * @param generation the stored generation it was computed from; 0 when nothing is stored
   * @param base the file
   * @param effective the file with the changes made through the API; knows the places of what
   *     stands in the file as it is
   * @param patch from the stored effective configuration to this one
   * @param rebased whether the base differs from the stored one
   */
  record Ready(long generation, Document base, Document effective, JsonNode patch, boolean rebased)
      implements BootState {

    /**
     * What to append so that the store holds this state; empty when it does already.
     *
     * @param epochMillis now
     */
    public Optional<Change> change(String author, String reason, long epochMillis) {
      return generation > 0 && !rebased && patch.isEmpty()
          ? Optional.empty()
          : Optional.of(new Change(author, reason, epochMillis, patch, rebased ? base : null));
    }
  }

  /**
   * The file and the API changed the same values to different ones; at least one.
   *
   * @param conflicts by path
   */
  record Conflicted(List<Conflict> conflicts) implements BootState {
    /** What to tell the operator: both sides of every conflict, and the ways out. */
    public String message() {
      return conflicts.stream()
          .map(Conflict::toString)
          .collect(
              Collectors.joining(
                  "\n",
                  "the configuration file and changes made through the API contradict each other:\n",
                  "\nwrite the wanted values into the file, or give --discard-api-changes to drop"
                      + " every change made through the API"));
    }
  }

  /**
   * Combines.
   *
   * <p>A file that is unchanged since the changes were made keeps them; a changed file is merged
   * with them, three-way.
   *
   * @param stored the newest state of the store; empty when nothing was ever stored
   * @param file the file as it is now
   * @param discard drop the changes made through the API
   */
  static BootState combine(Optional<Stored> stored, Document file, boolean discard) {
    if (stored.isEmpty()) {
      return new Ready(0, file, file, file.tree(), true);
    }
    Stored was = stored.get();
    boolean rebased = !was.base().equals(file);
    if (discard) {
      return ready(was, file, file.tree(), rebased);
    }
    if (!rebased) {
      return ready(was, file, was.effective().tree(), false);
    }
    ThreeWayMerge.Result merged =
        ThreeWayMerge.merge(was.base().tree(), file.tree(), was.effective().tree());
    if (merged instanceof ThreeWayMerge.Result.Conflicts both) {
      return new Conflicted(both.conflicts());
    }
    return ready(was, file, ((ThreeWayMerge.Result.Merged) merged).tree(), true);
  }

  private static Ready ready(Stored was, Document file, JsonNode effective, boolean rebased) {
    JsonNode patch = MergePatch.diff(was.effective().tree(), effective);
    return new Ready(was.generation(), file, file.derive(effective), patch, rebased);
  }
}
