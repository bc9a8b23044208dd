package dev.weir.core.balance;

import java.util.stream.IntStream;

/**
 * Whose turn it is at a ticket: each candidate gets turns in proportion to its weight, spread out.
 */
@FunctionalInterface
interface Cycle {
  /** Longest sequence that is written out: 10,000 turns. */
  int LONGEST = 10_000;

  /** The candidate at this ticket; any int is a ticket, they count up and wrap around. */
  int turn(int ticket);

  /** The cycle of these candidates; there may be none. */
  static Cycle of(Shares shares) {
    int divisor = 0;
    for (int i = 0; i < shares.size(); i++) {
      divisor = gcd(shares.weight(i), divisor);
    }
    if (divisor == 0) {
      return ticket -> -1;
    }
    int length = shares.total() / divisor;
    if (length > LONGEST) {
      return new Stride(shares);
    }
    int[] owners = sequence(shares, divisor, length);
    return ticket -> owners[Integer.remainderUnsigned(ticket, length)];
  }

  private static int gcd(int a, int b) {
    return b == 0 ? a : gcd(b, a % b);
  }

  /**
   * Turn k of a candidate with n turns is due at (k + phase) / n of the cycle; sorted by that,
   * turns are as even as can be. Phases step by the golden ratio, so that those of light candidates
   * fall between each other.
   */
  private static int[] sequence(Shares shares, int divisor, int length) {
    double[] due = new double[length];
    int[] owner = new int[length];
    int next = 0;
    double phase = 0.5;
    for (int i = 0; i < shares.size(); i++) {
      int turns = shares.weight(i) / divisor;
      for (int k = 0; k < turns; k++) {
        due[next] = (k + phase) / turns;
        owner[next++] = i;
      }
      phase = (phase + 0.6180339887498949) % 1;
    }
    return IntStream.range(0, length)
        .boxed()
        .sorted((a, b) -> Double.compare(due[a], due[b]))
        .mapToInt(turn -> owner[turn])
        .toArray();
  }

  /**
   * For cycles too long to write out: each ticket strides by the golden ratio around a circle on
   * which every candidate has an arc as long as its weight (Weyl's equidistribution; by the
   * three-gap theorem the turns of one arc are spread over time). Unlike a stride that rejects
   * light candidates it takes one step whatever the weights.
   */
  record Stride(Shares shares) implements Cycle {
    private static final int GOLDEN = 0x9E3779B1;

    @Override
    public int turn(int ticket) {
      long around = Integer.toUnsignedLong(ticket * GOLDEN);
      return shares.at((int) ((around * shares.total()) >>> 32));
    }
  }
}
