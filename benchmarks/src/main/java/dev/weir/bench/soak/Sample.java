package dev.weir.bench.soak;

import dev.weir.bench.drill.AdminClient;
import dev.weir.bench.proc.LiveHeap;
import dev.weir.bench.run.Proxy;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * What Weir holds at one moment, after full collections.
 *
 * @param seconds since the traffic began
 * @param quiet whether no client was there
 * @param heap live bytes, without those of the code
 * @param code what the JVM keeps of the code in the heap, see {@link LiveHeap#ofCode}
 * @param direct bytes of the data path's allocator
 * @param resident bytes of the process
 * @param descriptors open
 * @param sockets among them
 * @param threads of the process
 * @param connections of clients, by the balancer's own count
 * @param leases attempts running, likewise
 * @param clients client connections that are alive as objects, exchanges and queue entries with
 *     them
 * @param upstreams connections to backends that are alive as objects, idle ones included
 * @param histogram of all live objects by class, as {@code jcmd} prints it; see {@link #lean}
 */
record Sample(
    double seconds,
    boolean quiet,
    long heap,
    long code,
    long direct,
    long resident,
    long descriptors,
    long sockets,
    long threads,
    long connections,
    long leases,
    Alive clients,
    long upstreams,
    String histogram) {
  static final String HEADER =
      "seconds,quiet,heap,code,direct,resident,descriptors,sockets,threads,connections,leases,"
          + "client_objects,exchange_objects,waiter_objects,lease_objects,upstream_objects";

  /**
   * Objects that are reachable.
   *
   * @param downstreams client connections
   * @param exchanges requests
   * @param attempts what queues hold; each belongs to an exchange
   * @param leases units of a backend's capacity
   */
  record Alive(long downstreams, long exchanges, long attempts, long leases) {
    boolean none() {
      return downstreams + exchanges + attempts + leases == 0;
    }
  }

  /**
   * Takes one.
   *
   * @param java of the JDK that runs Weir
   */
  static Sample take(Proxy weir, AdminClient admin, Path java, double seconds, boolean quiet) {
    String pid = String.valueOf(weir.child().pid());
    String objects = LiveHeap.histogram(java, weir.child().pid());
    long code = LiveHeap.ofCode(java, weir.child().pid(), objects);
    Path proc = Path.of("/proc", pid);
    try {
      String metrics = admin.metrics();
      String status = Files.readString(proc.resolve("status"));
      return new Sample(
          seconds,
          quiet,
          LiveHeap.bytes(objects) - code,
          code,
          AdminClient.sum(metrics, "weir_buffers_direct_bytes", ""),
          1024 * field(status, "VmRSS:"),
          descriptors(proc, ""),
          descriptors(proc, "socket:"),
          field(status, "Threads:"),
          AdminClient.sum(metrics, "weir_listener_connections", ""),
          AdminClient.sum(metrics, "weir_backend_in_flight", ""),
          new Alive(
              instances(objects, "dev.weir.http.Downstream"),
              instances(objects, "dev.weir.http.Exchange"),
              instances(objects, "dev.weir.http.Attempts"),
              instances(objects, "dev.weir.core.backend.Lease")),
          instances(objects, "dev.weir.http.Upstream"),
          objects);
    } catch (IOException failure) {
      throw new UncheckedIOException("a sample of Weir", failure);
    }
  }

  /** Without its histogram, which is of hundreds of kilobytes. */
  Sample lean() {
    return new Sample(
        seconds,
        quiet,
        heap,
        code,
        direct,
        resident,
        descriptors,
        sockets,
        threads,
        connections,
        leases,
        clients,
        upstreams,
        "");
  }

  /** {@code 12: 34 567 name} or {@code 12: 34 567 name (module)}; 0 without such a line. */
  static long instances(String histogram, String name) {
    return histogram
        .lines()
        .map(line -> line.strip().split("\\s+"))
        .filter(words -> words.length >= 4 && words[3].equals(name))
        .mapToLong(words -> Long.parseLong(words[1]))
        .sum();
  }

  private static long field(String status, String name) {
    return status
        .lines()
        .filter(line -> line.startsWith(name))
        .mapToLong(line -> Long.parseLong(line.substring(name.length()).replaceAll("\\D", "")))
        .sum();
  }

  private static long descriptors(Path proc, String kind) throws IOException {
    try (Stream<Path> all = Files.list(proc.resolve("fd"))) {
      return all.filter(link -> target(link).startsWith(kind)).count();
    }
  }

  private static String target(Path link) {
    try {
      return Files.readSymbolicLink(link).toString();
    } catch (IOException closedMeanwhile) {
      return "";
    }
  }

  String csv() {
    return String.format(
        Locale.ROOT,
        "%.1f,%s,%d,%d,%d,%d,%d,%d,%d,%d,%d,%d,%d,%d,%d,%d",
        seconds,
        quiet,
        heap,
        code,
        direct,
        resident,
        descriptors,
        sockets,
        threads,
        connections,
        leases,
        clients.downstreams(),
        clients.exchanges(),
        clients.attempts(),
        clients.leases(),
        upstreams);
  }
}
