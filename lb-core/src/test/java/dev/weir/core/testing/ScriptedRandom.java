package dev.weir.core.testing;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Queue;
import java.util.random.RandomGenerator;

/**
 * Chance by a script: bounded numbers come from the list in order, and running out of them fails
 * the test.
 */
public final class ScriptedRandom implements RandomGenerator {
  private final Queue<Integer> script = new ArrayDeque<>();

  /** These numbers, in this order. */
  public ScriptedRandom(Integer... numbers) {
    script.addAll(Arrays.asList(numbers));
  }

  @Override
  public int nextInt(int bound) {
    Integer number = script.poll();
    if (number == null) {
      throw new AssertionError("more chance is asked for than the script has");
    }
    if (number < 0 || number >= bound) {
      throw new AssertionError("the script has " + number + ", asked is for 0.." + (bound - 1));
    }
    return number;
  }

  @Override
  public long nextLong() {
    throw new AssertionError("only bounded numbers are scripted");
  }

  /** Numbers left. */
  public int left() {
    return script.size();
  }
}
