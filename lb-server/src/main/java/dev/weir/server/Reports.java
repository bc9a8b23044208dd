package dev.weir.server;

import dev.weir.core.config.Problem;
import dev.weir.core.runtime.ChangeResult;
import dev.weir.core.runtime.ChangeResult.Applied;
import dev.weir.core.runtime.ChangeResult.Conflict;
import dev.weir.core.runtime.ChangeResult.Failed;
import dev.weir.core.runtime.ChangeResult.Invalid;
import dev.weir.core.runtime.ChangeResult.Refused;
import dev.weir.core.runtime.ChangeResult.Unchanged;
import dev.weir.core.runtime.Plan;
import java.util.ArrayList;
import java.util.List;

/** What became of a change, in lines for people. */
final class Reports {
  private Reports() {}

  static List<String> lines(ChangeResult result) {
    if (result instanceof Applied applied) {
      return applied(applied);
    }
    if (result instanceof Unchanged unchanged) {
      return List.of("nothing differs, generation " + unchanged.generation() + " stays");
    }
    if (result instanceof Invalid invalid) {
      List<String> lines = new ArrayList<>();
      lines.add("refused, what runs stays; " + invalid.problems().size() + " problem(s):");
      invalid.problems().stream().map(Problem::toString).forEach(lines::add);
      return lines;
    }
    if (result instanceof Refused refused) {
      return List.of("refused, what runs stays: " + refused.message());
    }
    if (result instanceof Conflict conflict) {
      return List.of("refused: generation " + conflict.current() + " is running by now; try again");
    }
    return List.of("failed, what runs stays: " + ((Failed) result).message());
  }

  private static List<String> applied(Applied applied) {
    List<String> lines = new ArrayList<>();
    lines.add("generation " + applied.generation() + " is running");
    Plan plan = applied.plan();
    plan.added().forEach(name -> lines.add("  + " + name));
    plan.changed().forEach(name -> lines.add("  ~ " + name));
    plan.removed().forEach(name -> lines.add("  - " + name));
    return lines;
  }
}
