package dev.weir.core.pool;

import dev.weir.core.backend.Backend;
import dev.weir.core.backend.DetectorState;
import dev.weir.core.backend.Health;
import dev.weir.core.config.AdminState;
import dev.weir.core.config.BackendConfig;
import dev.weir.core.config.HealthConfig;
import dev.weir.core.config.HostPort;
import dev.weir.core.discovery.HostWatch;
import dev.weir.core.health.Ejection;
import dev.weir.core.health.HealthChecker;
import dev.weir.core.health.OutlierDetector;
import dev.weir.core.health.Probe;
import dev.weir.core.health.ProbeHistory;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;

/**
 * One backend in its pool, with what decides whether it is in: the operator's wish, its address,
 * its health checker and its detector. Lives as long as name and address stay. Made on a worker,
 * from then on written by the control loop only; the volatile fields are read by any thread for the
 * status.
 */
final class Member implements HealthChecker.Owner, Ejection.Owner {
  private final Pool pool;
  private final Backend backend;
  private final Ejection ejection;
  private final HostWatch host;
  private final ProbeHistory history = new ProbeHistory();

  private volatile BackendConfig config;
  private volatile Health health;
  private volatile String healthReason = "";
  private volatile String detectorReason = "";
  private volatile long since;

  /** Whether CHECKING is good enough: the process has just started. */
  private boolean trusted;

  private HealthConfig checkedBy;
  private Probe checkedWith;
  private HealthChecker checker;
  private boolean wasEligible;
  private boolean started;

  Member(Pool pool, String name, BackendConfig config, boolean checked, boolean trusted) {
    this.pool = pool;
    this.config = config;
    this.trusted = trusted;
    health = checked ? Health.CHECKING : Health.HEALTHY;
    PoolContext context = pool.context();
    OutlierDetector detector = new OutlierDetector(context.checks());
    backend = new Backend(pool.name(), name, config.address(), detector);
    ejection = new Ejection(backend, detector, context.checks(), this);
    HostPort address = config.address();
    host = new HostWatch(address.host(), context.resolver(), context.loop(), this::moved);
    if (address.isUnix()) {
      backend.resolved(UnixDomainSocketAddress.of(address.host()));
    } else if (host.address() != null) {
      backend.resolved(at(host.address()));
    }
    admit();
    wasEligible = backend.eligible();
    since = context.checks().wall().epochMillis();
  }

  Backend backend() {
    return backend;
  }

  BackendConfig config() {
    return config;
  }

  /** Begins to resolve and to probe; {@code spread}: not at once, many others begin too. */
  void start(PoolSpec spec, boolean spread) {
    started = true;
    if (!config.address().isUnix()) {
      host.start();
    }
    check(spec, spread);
  }

  private InetSocketAddress at(InetAddress found) {
    HostPort address = config.address();
    return new InetSocketAddress(found, address.isRelative() ? 0 : address.port());
  }

  /** The backend has left: nothing new goes there, nothing is asked any more. */
  void stop() {
    host.stop();
    ejection.stop();
    endChecker();
    started = false;
    backend.judged(config.state(), health, false);
    backend.left();
  }

  /** The pool's or the backend's configuration changed. */
  void configure(BackendConfig changed, PoolSpec spec) {
    AdminState from = config.state();
    config = changed;
    AdminState to = changed.state();
    if (from != to) {
      pool.context().observer().adminChanged(backend, from, to);
      if (to == AdminState.MAINT || from == AdminState.MAINT) {
        ejection.reset();
        uncheck();
        become(Health.CHECKING, "");
        trusted = false;
      }
    }
    if (started) {
      check(spec, false);
    }
    judge();
  }

  /** Sees to it that the right checker runs, or none. */
  private void check(PoolSpec spec, boolean spread) {
    HealthConfig wanted = config.state() == AdminState.MAINT ? null : spec.config().health();
    if (wanted == null) {
      uncheck();
      if (spec.config().health() == null) {
        become(Health.HEALTHY, "");
      }
    } else if (checker == null || !wanted.equals(checkedBy) || spec.probe() != checkedWith) {
      endChecker();
      checkedBy = wanted;
      checkedWith = spec.probe();
      checker =
          new HealthChecker(
              backend,
              new HealthChecker.Plan(wanted, spec.probe(), history),
              health,
              pool.context().checks(),
              this);
      if (spread) {
        checker.startSpread();
      } else {
        checker.startNow();
      }
    }
  }

  private void uncheck() {
    if (checker != null) {
      endChecker();
      // An ejection that waits for probes would never end.
      ejection.reset();
    }
  }

  private void endChecker() {
    if (checker != null) {
      checker.stop();
      checker = null;
      checkedBy = null;
      checkedWith = null;
    }
  }

  private void moved(InetAddress to) {
    boolean first = backend.socketAddress() == null;
    backend.resolved(at(to));
    judge();
    probeNow();
    if (!first) {
      pool.moved(backend);
    }
  }

  @Override
  public void probed(boolean success) {
    ejection.probed(success);
  }

  @Override
  public void changed(Health from, Health to, String reason) {
    become(to, reason);
    judge();
  }

  private void become(Health to, String reason) {
    Health from = health;
    health = to;
    healthReason = reason;
    if (from != to) {
      pool.context().observer().healthChanged(backend, from, to, reason);
    }
  }

  @Override
  public boolean alone() {
    return pool.alone(backend);
  }

  @Override
  public int rise() {
    return checker == null ? 0 : checkedBy.rise();
  }

  @Override
  public void probeNow() {
    if (checker != null) {
      checker.probeNow();
    }
  }

  @Override
  public void changed(DetectorState from, DetectorState to, String reason) {
    detectorReason = reason;
    pool.context().observer().detectorChanged(backend, from, to, reason);
    judge();
  }

  /** Brings the backend's flags up to date with what is known, and the pool's view with them. */
  private void judge() {
    admit();
    boolean eligible = backend.eligible();
    if (eligible != wasEligible) {
      wasEligible = eligible;
      since = pool.context().checks().wall().epochMillis();
      pool.refresh();
    }
  }

  private void admit() {
    boolean healthy = health == Health.HEALTHY || (health == Health.CHECKING && trusted);
    boolean in = config.state() == AdminState.READY && healthy && backend.socketAddress() != null;
    backend.judged(config.state(), health, in);
  }

  /** What is known, for people. Any thread. */
  BackendStatus status() {
    SocketAddress resolved = backend.socketAddress();
    return new BackendStatus(
        backend.pool(),
        backend.name(),
        backend.address(),
        resolved instanceof InetSocketAddress inet ? inet.getAddress().getHostAddress() : null,
        config.weight(),
        config.backup(),
        backend.admin(),
        backend.health(),
        backend.detector(),
        backend.eligible(),
        Reasons.of(backend, config, new Reasons.Known(healthReason, detectorReason, host)),
        since,
        backend.load(),
        history.newestFirst().stream()
            .map(entry -> new BackendStatus.TimedProbe(entry.epochMillis(), entry.result()))
            .toList());
  }
}
