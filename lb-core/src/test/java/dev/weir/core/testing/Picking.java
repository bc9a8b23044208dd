package dev.weir.core.testing;

import dev.weir.core.backend.Backend;
import dev.weir.core.balance.PickContext;
import java.util.Set;
import java.util.random.RandomGenerator;

/** What a picker is told in a test. */
public record Picking(long hash, RandomGenerator random, Set<Backend> alreadyTried)
    implements PickContext {
  /** Nothing tried yet, no hash. */
  public static Picking by(RandomGenerator random) {
    return new Picking(0, random, Set.of());
  }

  /** Of one client. */
  public Picking withHash(long other) {
    return new Picking(other, random, alreadyTried);
  }

  /** After these attempts. */
  public Picking after(Backend... tried) {
    return new Picking(hash, random, Set.of(tried));
  }

  @Override
  public boolean tried(Backend backend) {
    return alreadyTried.contains(backend);
  }
}
