package dev.weir.core.balance;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * A consistent-hash ring (Karger et al., STOC 1997): every candidate has points in proportion to
 * its weight, a key belongs to the next point. Less even than a Maglev table, but grows with fewer
 * points for each backend.
 */
final class Ring {
  /** Points of a candidate of average weight. */
  private static final int POINTS_EACH = 32;

  private Ring() {}

  /** The ring of these candidates; at least one. */
  static HashTable table(List<Candidate> candidates) {
    long total = candidates.stream().mapToLong(Candidate::weight).sum();
    long points = (long) POINTS_EACH * candidates.size();
    int[] counts =
        candidates.stream()
            .mapToInt(candidate -> (int) ((candidate.weight() * points + total - 1) / total))
            .toArray();
    int size = IntStream.of(counts).sum();
    long[] unsorted = new long[size];
    int[] ownerOf = new int[size];
    int next = 0;
    for (int i = 0; i < counts.length; i++) {
      long hash = Hashes.of(candidates.get(i).backend().name());
      for (int k = 0; k < counts[i]; k++) {
        unsorted[next] = Hashes.mix(hash + k);
        ownerOf[next++] = i;
      }
    }
    int[] order =
        IntStream.range(0, size)
            .boxed()
            .sorted((a, b) -> Long.compare(unsorted[a], unsorted[b]))
            .mapToInt(Integer::intValue)
            .toArray();
    long[] sorted = IntStream.of(order).mapToLong(i -> unsorted[i]).toArray();
    int[] owners = IntStream.of(order).map(i -> ownerOf[i]).toArray();
    return hash -> owners[next(sorted, hash)];
  }

  private static int next(long[] points, long hash) {
    int found = Arrays.binarySearch(points, hash);
    int index = found >= 0 ? found : -found - 1;
    return index == points.length ? 0 : index;
  }
}
