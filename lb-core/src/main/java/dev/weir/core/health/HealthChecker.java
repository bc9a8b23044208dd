package dev.weir.core.health;

import dev.weir.core.backend.Backend;
import dev.weir.core.backend.DetectorState;
import dev.weir.core.backend.Health;
import dev.weir.core.config.HealthConfig;
import dev.weir.core.config.HostPort;
import dev.weir.core.control.ControlLoop.Cancellable;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.time.Duration;

/**
 * Decides when to probe one backend and counts the results: waits, asks, judges, waits. One timer
 * at a time, set again from now and not from when it should have been, so that a pause is never
 * made up for. Belongs to the control loop.
 */
public final class HealthChecker {
  private static final Duration SECOND = Duration.ofSeconds(1);
  private static final double JITTER = 0.1;

  /** So many probes in a row without a verdict count as a failure. */
  private static final int UNANSWERED = 3;

  private static final long LEAST_STALL = Duration.ofMillis(25).toNanos();

  private final Backend backend;
  private final HealthConfig config;
  private final Probe probe;
  private final Checks checks;
  private final ProbeHistory history;
  private final Owner owner;

  private Thresholds thresholds;
  private Cancellable timer = () -> {};
  private Cancellable asking;
  private long dueAt;
  private int unanswered;
  private long askedAt;
  private long asked;
  private boolean again;
  private boolean running;

  /** Who is told, on the control loop. */
  public interface Owner {
    /** A result that counts; before {@link #changed}. */
    void probed(boolean success);

    /** The health is another now. */
    void changed(Health from, Health to, String reason);
  }

  /**
   * How a backend is to be checked.
   *
   * @param history where results go; outlives the checker when the configuration changes
   */
  public record Plan(HealthConfig config, Probe probe, ProbeHistory history) {}

  /** A checker that does nothing yet. */
  public HealthChecker(Backend backend, Plan plan, Health from, Checks checks, Owner owner) {
    this.backend = backend;
    this.config = plan.config();
    this.probe = plan.probe();
    this.history = plan.history();
    this.checks = checks;
    this.owner = owner;
    thresholds = Thresholds.at(from);
  }

  /** What the probes say. */
  public Health health() {
    return thresholds.health();
  }

  /**
   * Begins, with the first probe at its own moment within one second or the interval, whichever is
   * shorter; the next one follows so that the backends of a process are spread over the interval.
   * Where is decided by the backend's name, so that it does not change.
   */
  public void startSpread() {
    double place = ((backend.id().hashCode() * 0x9E3779B97F4A7C15L) >>> 11) * 0x1.0p-53;
    Duration interval = config.interval();
    Duration window = interval.compareTo(SECOND) < 0 ? interval : SECOND;
    Duration first = scale(window, place);
    begin(first, scale(interval, place).minus(first));
  }

  /** Begins with a probe at once. */
  public void startNow() {
    begin(Duration.ZERO, Duration.ZERO);
  }

  private void begin(Duration first, Duration gap) {
    checks.loop().assertInside();
    running = true;
    checks.fast().checkerStarted(config.interval());
    // A gap too short to be worth a probe of its own is left out.
    boolean worthIt = gap.compareTo(config.fastInterval()) > 0;
    at(first, () -> ask(worthIt ? gap : jittered(config.interval())));
  }

  /** Ends; a probe that is under way is called off. */
  public void stop() {
    checks.loop().assertInside();
    if (running) {
      running = false;
      checks.fast().checkerStopped(config.interval());
    }
    timer.cancel();
    callOff();
  }

  /** Probes now, or right after the probe that is under way. */
  public void probeNow() {
    checks.loop().assertInside();
    if (!running) {
      return;
    }
    if (asking != null) {
      again = true;
    } else {
      timer.cancel();
      ask(jittered(config.interval()));
    }
  }

  private void at(Duration delay, Runnable task) {
    timer.cancel();
    dueAt = checks.loop().ticker().nanos() + delay.toNanos();
    timer = checks.loop().schedule(delay, () -> due(task));
  }

  private void due(Runnable task) {
    Duration late = Duration.ofNanos(checks.loop().ticker().nanos() - dueAt);
    if (late.toNanos() > tolerated()) {
      // The process stood still, and all probes are due at once: spread them again. Answers that
      // are waiting are heard meanwhile.
      double part = 0.1 + 0.9 * checks.random().nextDouble();
      at(scale(shorter(shorter(late, config.interval()), SECOND), part), task);
    } else {
      task.run();
    }
  }

  /** The longest stall, in nanoseconds, that leaves verdicts as they are. */
  private long tolerated() {
    return Math.max(config.timeout().toNanos() / 4, LEAST_STALL);
  }

  private void ask(Duration next) {
    if (asking != null) {
      callOff();
      // Every probe has a clock of its own: where even that did not run, it was the event loop that
      // was late, and not the backend. A probe that never speaks is a failure in the end.
      if (++unanswered >= UNANSWERED) {
        judge(new ProbeResult(false, "the probe gave no verdict", now() - askedAt));
      }
    }
    at(next, () -> ask(jittered(config.interval())));
    SocketAddress target = backend.socketAddress();
    if (target == null) {
      return;
    }
    again = false;
    askedAt = now();
    long question = ++asked;
    Cancellable started =
        probe.ask(
            at(target),
            authority(),
            config.timeout(),
            result -> checks.loop().execute(() -> answered(question, result)));
    asking = started;
  }

  private SocketAddress at(SocketAddress target) {
    return config.port() != null && target instanceof InetSocketAddress inet
        ? new InetSocketAddress(inet.getAddress(), config.port())
        : target;
  }

  private String authority() {
    HostPort address = backend.address();
    boolean elsewhere = config.port() != null && !address.isUnix();
    return (elsewhere ? address.withPort(config.port()) : address).authority();
  }

  private void answered(long question, ProbeResult result) {
    if (question != asked || asking == null || !running) {
      return;
    }
    asking = null;
    unanswered = 0;
    judge(result);
    if (again && running) {
      ask(jittered(config.interval()));
    }
  }

  private void judge(ProbeResult result) {
    long stalled = result.success() ? 0 : checks.stalls().longestSince(askedAt);
    if (stalled > tolerated()) {
      discard(result, stalled);
    } else {
      count(result);
    }
  }

  private void discard(ProbeResult result, long stalled) {
    String reason =
        "not counted, this process stood still for %d ms: %s"
            .formatted(stalled / 1_000_000, result.reason());
    history.add(checks.wall().epochMillis(), new ProbeResult(false, reason, result.nanos()));
    soon(checks.random().nextDouble());
  }

  private void count(ProbeResult result) {
    history.add(checks.wall().epochMillis(), result);
    Health before = thresholds.health();
    thresholds = thresholds.next(result.success(), config.rise(), config.fall());
    boolean ejected = backend.detector() == DetectorState.EJECTED;
    owner.probed(result.success());
    if (thresholds.health() != before) {
      owner.changed(before, thresholds.health(), reason(result));
    }
    boolean hurry = thresholds.inDoubt() || (ejected && result.success());
    if (running && hurry && checks.fast().take()) {
      soon(1 - JITTER + 2 * JITTER * checks.random().nextDouble());
    }
  }

  private String reason(ProbeResult result) {
    return result.success() ? "the probe succeeded: " + result.reason() : result.reason();
  }

  private void soon(double part) {
    at(scale(config.fastInterval(), part), () -> ask(jittered(config.interval())));
  }

  private void callOff() {
    if (asking != null) {
      asking.cancel();
      asking = null;
    }
  }

  private long now() {
    return checks.loop().ticker().nanos();
  }

  private Duration jittered(Duration interval) {
    return scale(interval, 1 - JITTER + 2 * JITTER * checks.random().nextDouble());
  }

  private static Duration shorter(Duration a, Duration b) {
    return a.compareTo(b) < 0 ? a : b;
  }

  private static Duration scale(Duration duration, double part) {
    return Duration.ofNanos((long) (duration.toNanos() * part));
  }
}
