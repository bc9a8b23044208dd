package dev.weir.core.testing;

import dev.weir.core.backend.Backend;
import dev.weir.core.backend.Health;
import dev.weir.core.backend.OutcomeSink;
import dev.weir.core.balance.Candidate;
import dev.weir.core.config.AdminState;
import dev.weir.core.config.HostPort;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Backends of a pool {@code web} for tests. */
public final class TestBackends {
  private static final OutcomeSink NOWHERE = (backend, outcome, fresh, client) -> {};

  private TestBackends() {}

  /** An eligible backend. */
  public static Backend eligible(String name) {
    Backend backend = new Backend("web", name, new HostPort("127.0.0.1", 8080), NOWHERE);
    backend.judged(AdminState.READY, Health.HEALTHY, true);
    return backend;
  }

  /** Takes it out, or in again. */
  public static void admit(Backend backend, boolean admit) {
    backend.judged(AdminState.READY, admit ? Health.HEALTHY : Health.UNHEALTHY, admit);
  }

  /** Eligible candidates b0, b1 and so on with these weights. */
  public static List<Candidate> weighted(int... weights) {
    List<Candidate> candidates = new ArrayList<>();
    for (int weight : weights) {
      candidates.add(new Candidate(eligible("b" + candidates.size()), weight));
    }
    return candidates;
  }

  /** That many eligible candidates of weight 100. */
  public static List<Candidate> equal(int count) {
    int[] weights = new int[count];
    Arrays.fill(weights, 100);
    return weighted(weights);
  }
}
