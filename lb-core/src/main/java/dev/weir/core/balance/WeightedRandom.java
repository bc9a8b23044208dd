package dev.weir.core.balance;

import dev.weir.core.backend.Backend;
import java.util.List;

/**
 * By chance, in proportion to weight. Knows nothing of load, and nothing is shared between event
 * loops.
 */
public final class WeightedRandom implements Balancer {
  @Override
  public Picker picker(List<Candidate> candidates) {
    return new Draw(new Shares(candidates));
  }

  private record Draw(Shares shares) implements Picker {
    @Override
    public Backend pick(PickContext context) {
      int index = shares.drawUsable(context);
      return index < 0 ? null : shares.backend(index);
    }
  }
}
