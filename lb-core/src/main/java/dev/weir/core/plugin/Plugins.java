package dev.weir.core.plugin;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.ServiceLoader;
import java.util.random.RandomGenerator;

/**
 * What can be named in a configuration, apart from protocols: built-ins first, then what {@link
 * ServiceLoader} finds on the class path. Made once when the process starts; immutable.
 */
public final class Plugins {
  private final Registry<BalancerFactory> balancers;
  private final Registry<ProbeFactory> probes;

  private Plugins(Collection<BalancerFactory> balancers, Collection<ProbeFactory> probes) {
    this.balancers = new Registry<>("balancer", BalancerFactory::name, balancers);
    this.probes = new Registry<>("probe", ProbeFactory::name, probes);
  }

  /**
   * Built-in balancers, the given probes (they need event loops, so the composition root makes
   * them), and what is found on the class path.
   *
   * @param random where round-robin starts
   * @throws IllegalStateException when two have the same name
   */
  public static Plugins load(RandomGenerator random, Collection<ProbeFactory> probes) {
    List<BalancerFactory> allBalancers = new ArrayList<>(builtInBalancers(random));
    ServiceLoader.load(BalancerFactory.class).forEach(allBalancers::add);
    List<ProbeFactory> allProbes = new ArrayList<>(probes);
    ServiceLoader.load(ProbeFactory.class).forEach(allProbes::add);
    return new Plugins(allBalancers, allProbes);
  }

  private static List<BalancerFactory> builtInBalancers(RandomGenerator random) {
    return BuiltInBalancers.all(random);
  }

  /** Algorithms by name. */
  public Registry<BalancerFactory> balancers() {
    return balancers;
  }

  /** Kinds of probes by name. */
  public Registry<ProbeFactory> probes() {
    return probes;
  }
}
