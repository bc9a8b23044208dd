package dev.weir.core.backend;

import dev.weir.core.config.AdminState;
import dev.weir.core.config.HostPort;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * One server of one pool: its identity for as long as name and address stay, across every
 * configuration change. Health, admin state and resolved address are written by the control loop,
 * load by leases on any event loop, ejection by whoever sees hard evidence first; all are read by
 * every event loop.
 */
public final class Backend {
  private final String pool;
  private final String name;
  private final HostPort address;
  private final OutcomeSink outcomes;
  private final AtomicInteger load = new AtomicInteger();
  private final OutcomeCounts counts = new OutcomeCounts();

  private final AtomicInteger connections = new AtomicInteger();
  private volatile int maxLeases;
  private volatile int maxConnections;
  private volatile Runnable whenFreed = () -> {};
  private volatile SocketAddress socketAddress;
  private volatile AdminState admin = AdminState.READY;
  private volatile Health health = Health.CHECKING;
  private volatile DetectorState detector = DetectorState.OK;
  private volatile boolean admitted;
  private volatile boolean gone;

  /**
   * A backend that is not eligible yet.
   *
   * @param outcomes takes the evidence of every lease
   */
  public Backend(String pool, String name, HostPort address, OutcomeSink outcomes) {
    this.pool = pool;
    this.name = name;
    this.address = address;
    this.outcomes = outcomes;
  }

  /** The pool it belongs to. */
  public String pool() {
    return pool;
  }

  /** Its name in the pool. */
  public String name() {
    return name;
  }

  /** {@code pool/name}. */
  public String id() {
    return pool + "/" + name;
  }

  /** The configured address; the host may be a name. */
  public HostPort address() {
    return address;
  }

  /**
   * Where to connect to: an {@link InetSocketAddress}, with port 0 when it depends on the client's,
   * or a {@link java.net.UnixDomainSocketAddress}. Null while a host name has not been resolved.
   */
  public SocketAddress socketAddress() {
    return socketAddress;
  }

  /**
   * Where to connect to for a client that came to this port; null when there is no such port, or
   * the host name has not been resolved.
   */
  public SocketAddress socketAddress(int clientPort) {
    if (!address.isRelative() || !(socketAddress instanceof InetSocketAddress inet)) {
      return socketAddress;
    }
    int port = clientPort + address.port();
    return port < 1 || port > 65_535 ? null : new InetSocketAddress(inet.getAddress(), port);
  }

  /** Leases held now, over all event loops. */
  public int load() {
    return load.get();
  }

  /** How its attempts ended, since it became part of the configuration. */
  public OutcomeCounts counts() {
    return counts;
  }

  /** What the operator wants. */
  public AdminState admin() {
    return admin;
  }

  /** What the probes say. */
  public Health health() {
    return health;
  }

  /** What traffic says. */
  public DetectorState detector() {
    return detector;
  }

  /** Whether new work may go here: admin state, health and detector all agree. */
  public boolean eligible() {
    return admitted && detector != DetectorState.EJECTED;
  }

  /**
   * Whether what is bound to it may stay: it is configured, not in MAINT, and neither probes nor
   * traffic have found it down. What begins anew asks {@link #eligible}.
   */
  public boolean keeps() {
    return !gone
        && admin != AdminState.MAINT
        && health != Health.UNHEALTHY
        && detector != DetectorState.EJECTED;
  }

  /** Takes one unit of capacity; null when as many are held as the limit allows. */
  public Lease tryLease() {
    int max = maxLeases;
    if (load.incrementAndGet() > max && max > 0) {
      load.decrementAndGet();
      return null;
    }
    return new Lease(this);
  }

  /** Counts a connection that is about to be made; false when the limit does not allow it. */
  public boolean tryConnect() {
    int max = maxConnections;
    if (connections.incrementAndGet() > max && max > 0) {
      connections.decrementAndGet();
      return false;
    }
    return true;
  }

  /** A counted connection is closed, or could not be made. */
  public void disconnected() {
    connections.decrementAndGet();
    if (maxConnections > 0) {
      whenFreed.run();
    }
  }

  /** Connections open or being made, over all event loops, as far as protocols count them. */
  public int connections() {
    return connections.get();
  }

  void release(Outcome outcome, boolean fresh, int client) {
    load.decrementAndGet();
    counts.add(outcome);
    outcomes.ended(this, outcome, fresh, client);
    if (maxLeases > 0) {
      whenFreed.run();
    }
  }

  /**
   * Control loop only: how much may be in use at once.
   *
   * @param leases 0: no limit
   * @param open connections; 0: no limit
   * @param freed called on any thread when something of it becomes free
   */
  public void limited(int leases, int open, Runnable freed) {
    whenFreed = freed;
    maxLeases = leases;
    maxConnections = open;
  }

  /** Control loop only: where to connect to. */
  public void resolved(SocketAddress to) {
    socketAddress = to;
  }

  /** Control loop only: the operator's and the probes' view, and whether both admit new work. */
  public void judged(AdminState adminState, Health healthState, boolean admit) {
    admin = adminState;
    health = healthState;
    admitted = admit;
  }

  /** Control loop only: it has left the configuration, for good. */
  public void left() {
    gone = true;
    admitted = false;
  }

  /** Any thread: the detector's verdict; EJECTED takes effect at once. */
  public void detected(DetectorState state) {
    detector = state;
  }

  @Override
  public String toString() {
    return id() + " (" + address + ")";
  }
}
