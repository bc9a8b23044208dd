package dev.weir.core.balance;

import dev.weir.core.backend.Backend;
import java.util.List;

/**
 * The less loaded of two drawn by chance (Mitzenmacher, "The power of two choices in randomized
 * load balancing", 2001). Both are drawn in proportion to weight and compared by load per weight;
 * at a tie the first drawn wins, so that a pool without load shares by weight. For TCP the load is
 * connections, for HTTP requests: one algorithm, two names.
 */
public final class LeastRequests implements Balancer {
  @Override
  public Picker picker(List<Candidate> candidates) {
    return new TwoChoices(new Shares(candidates));
  }

  private record TwoChoices(Shares shares) implements Picker {
    /** Draws for a second choice that will do, before the first is taken without comparison. */
    private static final int DRAWS = 4;

    @Override
    public Backend pick(PickContext context) {
      int first = shares.drawUsable(context);
      if (first < 0) {
        return null;
      }
      if (shares.size() > 1) {
        for (int i = 0; i < DRAWS; i++) {
          int second = shares.drawOther(context.random(), first);
          if (Shares.usable(shares.backend(second), context)) {
            return shares.backend(lessLoaded(first, second));
          }
        }
      }
      return shares.backend(first);
    }

    private int lessLoaded(int first, int second) {
      long ofFirst = (long) shares.backend(first).load() * shares.weight(second);
      long ofSecond = (long) shares.backend(second).load() * shares.weight(first);
      return ofSecond < ofFirst ? second : first;
    }
  }
}
