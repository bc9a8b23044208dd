package dev.weir.core.balance;

import dev.weir.core.backend.Backend;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * Candidates and their weights, for drawing one with a chance in proportion to its weight.
 * Immutable; read by every event loop.
 */
final class Shares {
  /** Draws before the exact but slow way is taken. */
  private static final int DRAWS = 16;

  private final Backend[] backends;
  private final int[] weights;

  /** {@code ends[i]}: the sum of weights up to and including i; null when all weights are equal. */
  private final int[] ends;

  private final int total;

  Shares(List<Candidate> candidates) {
    int size = candidates.size();
    backends = new Backend[size];
    weights = new int[size];
    int[] sums = new int[size];
    int sum = 0;
    boolean equal = true;
    for (int i = 0; i < size; i++) {
      Candidate candidate = candidates.get(i);
      backends[i] = candidate.backend();
      weights[i] = candidate.weight();
      sum = Math.addExact(sum, candidate.weight());
      sums[i] = sum;
      equal &= weights[i] == weights[0];
    }
    ends = equal ? null : sums;
    total = sum;
  }

  int size() {
    return backends.length;
  }

  Backend backend(int index) {
    return backends[index];
  }

  int weight(int index) {
    return weights[index];
  }

  /** The sum of all weights. */
  int total() {
    return total;
  }

  /** The candidate whose part of {@code 0..total-1} holds the point. */
  int at(int point) {
    if (ends == null) {
      return point / weights[0];
    }
    int low = 0;
    int high = ends.length - 1;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (ends[middle] > point) {
        high = middle;
      } else {
        low = middle + 1;
      }
    }
    return low;
  }

  /** A candidate by chance; there must be one. */
  int draw(RandomGenerator random) {
    return ends == null ? random.nextInt(backends.length) : at(random.nextInt(total));
  }

  /** Another candidate than this one by chance; there must be two. */
  int drawOther(RandomGenerator random, int not) {
    if (ends == null) {
      int index = random.nextInt(backends.length - 1);
      return index >= not ? index + 1 : index;
    }
    int point = random.nextInt(total - weights[not]);
    return at(point >= ends[not] - weights[not] ? point + weights[not] : point);
  }

  /** A candidate that will do, by chance; -1 when there is none. */
  int drawUsable(PickContext context) {
    if (backends.length == 0) {
      return -1;
    }
    RandomGenerator random = context.random();
    for (int i = 0; i < DRAWS; i++) {
      int index = draw(random);
      if (usable(backends[index], context)) {
        return index;
      }
    }
    return scan(context);
  }

  /** As {@link #drawUsable}, looking at each one: exact, for when few will do. */
  private int scan(PickContext context) {
    int chosen = -1;
    int seen = 0;
    for (int i = 0; i < backends.length; i++) {
      if (usable(backends[i], context)) {
        seen += weights[i];
        if (context.random().nextInt(seen) < weights[i]) {
          chosen = i;
        }
      }
    }
    return chosen;
  }

  static boolean usable(Backend backend, PickContext context) {
    return backend.eligible() && !context.tried(backend);
  }
}
