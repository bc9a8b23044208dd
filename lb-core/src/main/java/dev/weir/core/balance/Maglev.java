package dev.weir.core.balance;

import java.util.Arrays;
import java.util.List;

/**
 * The lookup table of Eisenbud et al., "Maglev: A Fast and Reliable Software Network Load Balancer"
 * (NSDI 2016), section 3.4, with weights: candidates claim places in turns, each along its own
 * permutation, a light one in fewer turns. The number of places is prime.
 */
final class Maglev {
  private static final int FEWEST_PLACES = 65_537;
  private static final int PLACES_EACH = 100;

  private Maglev() {}

  /** The table of these candidates, in an order that depends on nothing but their names. */
  static HashTable table(List<Candidate> candidates) {
    if (candidates.isEmpty()) {
      return hash -> -1;
    }
    int places = prime(Math.max(FEWEST_PLACES, PLACES_EACH * candidates.size()));
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

  /** The first prime from here on. */
  static int prime(int from) {
    int candidate = from | 1;
    while (!isPrime(candidate)) {
      candidate += 2;
    }
    return candidate;
  }

  private static boolean isPrime(int odd) {
    for (int divisor = 3; (long) divisor * divisor <= odd; divisor += 2) {
      if (odd % divisor == 0) {
        return false;
      }
    }
    return true;
  }
}
