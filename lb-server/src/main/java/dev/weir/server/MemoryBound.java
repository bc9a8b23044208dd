package dev.weir.server;

import dev.weir.core.config.LbConfig;
import dev.weir.core.config.ListenerConfig;
import dev.weir.core.config.MemoryTerm;
import dev.weir.core.config.PoolConfig;
import dev.weir.core.net.ConnectionBudget;
import dev.weir.core.net.ConnectionLimits;
import dev.weir.core.observe.log.AccessLog;
import dev.weir.http.HttpMemory;
import dev.weir.tcp.TcpMemory;
import dev.weir.udp.UdpMemory;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/**
 * The memory that traffic can take at worst under a configuration: every connection that may be
 * open is, and holds all that it may. Leaves out what the JVM needs for itself, and the kernel's
 * socket buffers.
 */
public final class MemoryBound {
  private final LbConfig config;
  private final int most;
  private final int loops;
  private final List<MemoryTerm> terms = new ArrayList<>();

  private MemoryBound(LbConfig config) {
    this.config = config;
    most = ConnectionBudget.mostClients(config.process().maxConnections());
    loops =
        config.process().loops() != null
            ? config.process().loops()
            : java.lang.Runtime.getRuntime().availableProcessors();
  }

  /** The terms of a checked configuration; their sum is the bound. */
  public static List<MemoryTerm> of(LbConfig config) {
    MemoryBound bound = new MemoryBound(config);
    bound.listeners();
    bound.shared();
    return List.copyOf(bound.terms);
  }

  private record Listening(String name, ListenerConfig config, List<MemoryTerm> each) {
    long bytes() {
      return each.stream().mapToLong(MemoryTerm::bytes).sum();
    }

    boolean http() {
      return config.protocol().equals("http");
    }

    boolean udp() {
      return config.protocol().equals("udp");
    }

    /** The most connections or sessions at once; 0: no limit. */
    int most() {
      return udp() ? config.udp().sessions() : config.limits().connections();
    }
  }

  // The listeners that cost most for a connection are taken to have as many as they may.
  private void listeners() {
    List<Listening> listeners = new ArrayList<>();
    for (Map.Entry<String, ListenerConfig> entry : config.listeners().entrySet()) {
      ListenerConfig listener = entry.getValue();
      List<MemoryTerm> each =
          switch (listener.protocol()) {
            case "http" -> HttpMemory.connection(listener);
            case "udp" -> UdpMemory.session();
            default -> TcpMemory.session();
          };
      listeners.add(new Listening(entry.getKey(), listener, each));
    }
    listeners.sort(Comparator.comparingLong(Listening::bytes).reversed());
    long left = most;
    long http = 0;
    for (Listening listener : listeners) {
      int own = listener.most();
      long count = own == 0 ? left : Math.min(left, own);
      left -= count;
      http += listener.http() ? count : 0;
      for (MemoryTerm term : listener.each()) {
        terms.add(
            new MemoryTerm(
                listener.name() + ": " + term.what(),
                count * term.bytes(),
                count + " x (" + term.formula() + ")",
                term.direct()));
      }
      table(listener);
      if (listener.udp()) {
        terms.add(UdpMemory.kept(listener.name(), loops));
      }
    }
    if (listeners.stream().anyMatch(Listening::udp)) {
      terms.add(UdpMemory.space(loops));
    }
    if (http > 0) {
      terms.add(HttpMemory.replay(http, loops));
      terms.add(HttpMemory.spareHeads(loops));
      terms.add(HttpMemory.idle(loops, backends()));
    }
  }

  private void table(Listening listener) {
    long table = ConnectionLimits.of(listener.config().limits()).memory(most);
    if (table > 0) {
      String formula = "8 B x places for " + most + " connections";
      terms.add(MemoryTerm.heap(listener.name() + ": counts of clients", table, formula));
    }
  }

  private long backends() {
    return config.pools().values().stream().mapToLong(pool -> pool.backends().size()).sum();
  }

  private void shared() {
    long waiting = 0;
    for (PoolConfig pool : config.pools().values()) {
      waiting += (long) pool.limits().queue() * Math.max(1, pool.backends().size());
    }
    terms.add(HttpMemory.allocator(loops));
    terms.add(
        MemoryTerm.heap(
            "places in queues for backends",
            Math.min(waiting, most) * 16,
            "the lesser of connections and the queues' limits, x 16 B"));
    if (!config.accessLog().off()) {
      terms.add(
          MemoryTerm.heap(
              "access log", (long) loops * AccessLog.RING_BYTES, "loops x a ring of 1 MiB"));
    }
  }
}
