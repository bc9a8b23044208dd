package dev.weir.core.balance;

import java.util.Arrays;
import java.util.List;

/**
 * The lookup table of Eisenbud et al., "Maglev: A Fast and Reliable Software Network Load Balancer"
 * (NSDI 2016), section 3.4, with weights: candidates claim places in turns, each along its own
 * permutation, a light one in fewer turns.
 *
 * <p>The number of places is prime and at least 100 for each candidate. It comes from a short list,
 * because two tables of different size have hardly a key in common: only a pool that grows past one
 * of the steps (655, 1311, 2621, 5243, 10485 backends) sees all its keys move, once.
 */
final class Maglev {
  private static final int PLACES_EACH = 100;

  /** The first primes from powers of two on. */
  private static final List<Integer> SIZES =
      List.of(65_537, 131_101, 262_147, 524_309, 1_048_583, 2_097_169);

  private Maglev() {}

  /** The table of these candidates, in an order that depends on nothing but their names. */
  static HashTable table(List<Candidate> candidates) {
    if (candidates.isEmpty()) {
      return hash -> -1;
    }
    int places = places(candidates.size());
    int[] owners = fill(candidates, places);
    return hash -> owners[(int) Long.remainderUnsigned(hash, places)];
  }

  private static int[] fill(List<Candidate> candidates, int places) {
    int size = candidates.size();
    int[] at = new int[size];
    int[] skip = new int[size];
    int heaviest = 1;
    for (int i = 0; i < size; i++) {
      long hash = Hashes.of(candidates.get(i).backend().name());
      at[i] = (int) Long.remainderUnsigned(hash, places);
      skip[i] = (int) Long.remainderUnsigned(Hashes.mix(hash), places - 1) + 1;
      heaviest = Math.max(heaviest, candidates.get(i).weight());
    }
    int[] owners = new int[places];
    Arrays.fill(owners, -1);
    int[] credit = new int[size];
    int free = places;
    while (true) {
      for (int i = 0; i < size; i++) {
        credit[i] += candidates.get(i).weight();
        if (credit[i] < heaviest) {
          continue;
        }
        credit[i] -= heaviest;
        while (owners[at[i]] >= 0) {
          at[i] = step(at[i], skip[i], places);
        }
        owners[at[i]] = i;
        if (--free == 0) {
          return owners;
        }
      }
    }
  }

  private static int step(int at, int skip, int places) {
    int next = at + skip;
    return next >= places ? next - places : next;
  }

  /** How many places the table of that many candidates has. */
  static int places(int candidates) {
    for (int size : SIZES) {
      if (size >= PLACES_EACH * candidates) {
        return size;
      }
    }
    throw new IllegalArgumentException(candidates + " are too many for a Maglev table");
  }
}
