package dev.weir.core.runtime;

import dev.weir.core.config.Problem;
import java.util.List;

/** What became of a change. */
public sealed interface ChangeResult {
  /** It is durable and running, or would be, if it was a dry run. */
  record Applied(long generation, Plan plan) implements ChangeResult {}

  /** Nothing differs; the generation stays. */
  record Unchanged(long generation) implements ChangeResult {}

  /** The configuration would be wrong. */
  record Invalid(List<Problem> problems) implements ChangeResult {}

  /** The edit does not apply to what is running. */
  record Refused(Edit.Refused.Kind kind, String message) implements ChangeResult {}

  /** Another generation is running than the one expected. */
  record Conflict(long current) implements ChangeResult {}

  /** It could not be made durable or started; nothing has changed. */
  record Failed(String message) implements ChangeResult {}
}
