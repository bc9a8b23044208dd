package dev.weir.core.runtime;

import dev.weir.core.balance.Balancer;
import dev.weir.core.config.ConfigException;
import dev.weir.core.config.Document;
import dev.weir.core.config.LbConfig;
import dev.weir.core.config.ListenerConfig;
import dev.weir.core.config.Pointers;
import dev.weir.core.config.PoolConfig;
import dev.weir.core.config.Problem;
import dev.weir.core.health.Probe;
import dev.weir.core.plugin.BalancerFactory;
import dev.weir.core.plugin.ProbeFactory;
import dev.weir.core.pool.PoolSpec;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * A configuration that was found right, with what its names stand for. Made on the worker.
 *
 * @param pools of the pools that are new or changed
 */
record Target(LbConfig config, Map<String, PoolSpec> pools) {

  /**
   * Checks what the types alone cannot: names of plug-ins, their options, what protocols demand,
   * and what may not change while the process runs.
   *
   * @param document where the configuration comes from, to name places in it
   * @param before what runs; null when the process is just starting
   * @throws ConfigException with everything that is wrong
   */
  static Target check(Parts parts, Document document, LbConfig config, Snapshot before)
      throws ConfigException {
    Check check = new Check(parts, before, new ArrayList<>());
    if (before != null) {
      check.fixed("/admin", before.config().admin(), config.admin());
      check.fixed("/metrics", before.config().metrics(), config.metrics());
      check.fixed("/process", before.config().process(), config.process());
      check.fixed("/accessLog", before.config().accessLog(), config.accessLog());
    }
    config.listeners().forEach(check::listener);
    Map<String, PoolSpec> pools = new LinkedHashMap<>();
    config.pools().forEach((name, pool) -> check.pool(name, pool, pools));
    SocketNeeds.check(parts, config, before, check.problems::add);
    if (!check.problems.isEmpty()) {
      throw new ConfigException(check.problems.stream().map(document::locate).toList());
    }
    return new Target(config, pools);
  }

  private record Check(Parts parts, Snapshot before, List<Problem> problems) {
    void fixed(String path, Object was, Object is) {
      if (!was.equals(is)) {
        problems.add(Problem.at(path, "cannot change while the process runs; it takes a restart"));
      }
    }

    void listener(String name, ListenerConfig config) {
      String path = Pointers.child("/listeners", name);
      if (before != null && config.equals(before.config().listeners().get(name))) {
        return;
      }
      Protocol protocol =
          parts.protocols().find(config.protocol(), path + "/protocol", problems::add);
      if (protocol != null) {
        protocol.check(path, config, problems::add);
      }
    }

    void pool(String name, PoolConfig config, Map<String, PoolSpec> specs) {
      PoolSpec running =
          before != null && before.pools().containsKey(name)
              ? before.pools().get(name).spec()
              : null;
      if (running != null && config.equals(running.config())) {
        return;
      }
      String path = Pointers.child("/pools", name);
      boolean sameBalancer = running != null && config.balance().equals(running.config().balance());
      boolean sameProbe =
          running != null
              && Objects.equals(config.health(), running.config().health())
              && config.proxyProtocol().equals(running.config().proxyProtocol())
              && Objects.equals(config.source(), running.config().source());
      Balancer balancer = sameBalancer ? running.balancer() : balancer(path, config);
      Probe probe = sameProbe ? running.probe() : probe(path, config);
      specs.put(name, new PoolSpec(config, balancer, probe));
    }

    private Balancer balancer(String pool, PoolConfig config) {
      String path = pool + "/balance";
      BalancerFactory factory =
          parts.plugins().balancers().find(config.balance().algorithm(), path, problems::add);
      return factory == null
          ? null
          : factory.create(config.balance().options(), path, problems::add);
    }

    private Probe probe(String pool, PoolConfig config) {
      if (config.health() == null) {
        return null;
      }
      String path = pool + "/health";
      ProbeFactory factory =
          parts.plugins().probes().find(config.health().probe(), path, problems::add);
      return factory == null ? null : factory.create(config, path, problems::add);
    }
  }
}
