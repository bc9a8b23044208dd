package dev.weir.core.plugin;

import dev.weir.core.balance.Balancer;
import dev.weir.core.balance.LeastRequests;
import dev.weir.core.balance.RoundRobin;
import dev.weir.core.balance.SourceHash;
import dev.weir.core.balance.WeightedRandom;
import dev.weir.core.config.Problem;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/** The list of balancers that come with the product. None of them has options. */
final class BuiltInBalancers {
  private BuiltInBalancers() {}

  static List<BalancerFactory> all(RandomGenerator random) {
    return List.of(
        new Plain("round-robin", () -> new RoundRobin(random.nextInt())),
        new Plain("least-requests", LeastRequests::new),
        new Plain("least-connections", LeastRequests::new),
        new Plain("source-hash", SourceHash::new),
        new Plain("random", WeightedRandom::new));
  }

  /** An algorithm without options. */
  private record Plain(String name, Supplier<Balancer> maker) implements BalancerFactory {
    @Override
    public Balancer create(Map<String, Object> options, String path, Consumer<Problem> problems) {
      for (String option : options.keySet()) {
        problems.accept(
            Problem.at(
                path + "/" + option, "balancer " + name + " has no option '" + option + "'"));
      }
      return maker.get();
    }
  }
}
