package dev.weir.core.balance;

import dev.weir.core.backend.Backend;
import java.util.Comparator;
import java.util.List;

/**
 * The same client to the same backend, by the hash of the request or connection. The table is made
 * from the names and weights of all backends of the pool, whether eligible or not and in whatever
 * order they are listed: a backend that goes down loses its keys to all others evenly, no other key
 * moves, and its keys come back with it. A new backend takes about its share of keys, and processes
 * with the same configuration agree.
 */
public final class SourceHash implements Balancer {
  /** Most backends a Maglev table is made for; a ring of far fewer points serves more. */
  static final int MOST_FOR_MAGLEV = 20_000;

  @Override
  public boolean overAll() {
    return true;
  }

  @Override
  public Picker picker(List<Candidate> candidates) {
    // Sorted by name, so that the order in the configuration is of no consequence.
    List<Candidate> sorted =
        candidates.stream()
            .sorted(Comparator.comparing(candidate -> candidate.backend().name()))
            .toList();
    HashTable table = sorted.size() <= MOST_FOR_MAGLEV ? Maglev.table(sorted) : Ring.table(sorted);
    return new Keyed(new Shares(sorted), table);
  }

  private record Keyed(Shares shares, HashTable table) implements Picker {
    /** Other places in the table tried for a key whose backend will not do. */
    private static final int REHASHES = 8;

    @Override
    public Backend pick(PickContext context) {
      if (shares.size() == 0) {
        return null;
      }
      long hash = Hashes.mix(context.hash());
      for (int i = 0; i <= REHASHES; i++) {
        Backend backend = shares.backend(table.owner(hash));
        if (Shares.usable(backend, context)) {
          return backend;
        }
        hash = Hashes.mix(hash + i + 1);
      }
      return highest(hash, context);
    }

    /** By the highest of all hashes with the key (Thaler and Ravishankar, 1998): slow, but sure. */
    private Backend highest(long hash, PickContext context) {
      Backend best = null;
      double bestScore = Double.NEGATIVE_INFINITY;
      for (int i = 0; i < shares.size(); i++) {
        if (Shares.usable(shares.backend(i), context)) {
          double chance = Hashes.unit(Hashes.mix(hash ^ Hashes.of(shares.backend(i).name())));
          double score = Math.log(chance) / shares.weight(i);
          if (score > bestScore) {
            best = shares.backend(i);
            bestScore = score;
          }
        }
      }
      return best;
    }
  }
}
