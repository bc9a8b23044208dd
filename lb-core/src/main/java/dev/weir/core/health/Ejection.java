package dev.weir.core.health;

import dev.weir.core.backend.Backend;
import dev.weir.core.backend.DetectorState;
import dev.weir.core.backend.Outcome;
import dev.weir.core.control.ControlLoop.Cancellable;
import dev.weir.core.health.Evidence.Verdict;
import java.time.Duration;

/**
 * Takes one backend out on the evidence of traffic, and lets it in again.
 *
 * <pre>
 *   OK      --5 soft failures in a row--> SUSPECT  (still in; a probe is sent at once)
 *   OK, SUSPECT  --refused, or broken connections--> EJECTED  (a probe is sent at once)
 *   EJECTED --with active checks: 1 success of a probe if refused, else {@code rise}--> OK
 *   EJECTED --without: after 5 s x 2^n, at most 300 s--> SUSPECT, on probation
 *   SUSPECT --an answer that is fine--> OK;  on probation --any failure--> EJECTED
 * </pre>
 *
 * The last eligible backend of a pool is taken out only when nobody listens there, and without
 * active checks for one second at most, so that a lone backend that restarts is not kept out.
 * Belongs to the control loop.
 */
public final class Ejection {
  private static final Duration BASE = Duration.ofSeconds(5);
  private static final Duration MOST = Duration.ofMinutes(5);
  private static final Duration ALONE = Duration.ofSeconds(1);
  private static final int STEPS = 6;

  private final Backend backend;
  private final OutlierDetector detector;
  private final Checks checks;
  private final Owner owner;

  private DetectorState state = DetectorState.OK;
  private Cancellable timer = () -> {};
  private boolean refused;
  private int successes;
  private int times;
  private long inSince;
  private boolean stopped;

  /** What it needs to know of the pool, and whom it tells; on the control loop. */
  public interface Owner {
    /** Whether the pool would have nobody left without this backend. */
    boolean alone();

    /** Successes in a row that bring a backend in; 0: the pool has no active checks. */
    int rise();

    /** Probe at once, if the pool has active checks. */
    void probeNow();

    /** The state is another now; the backend shows it already. */
    void changed(DetectorState from, DetectorState to, String reason);
  }

  /** Nothing against the backend. */
  public Ejection(Backend backend, OutlierDetector detector, Checks checks, Owner owner) {
    this.backend = backend;
    this.detector = detector;
    this.checks = checks;
    this.owner = owner;
    detector.judge(this);
  }

  /** Evidence that asks for more than counting. */
  void accused(Verdict verdict, Outcome outcome) {
    checks.loop().assertInside();
    if (stopped || state == DetectorState.EJECTED) {
      return;
    }
    boolean spared = verdict == Verdict.EJECT && owner.alone();
    if (verdict == Verdict.SUSPECT || spared) {
      if (state == DetectorState.OK) {
        become(DetectorState.SUSPECT, describe(outcome));
      }
      owner.probeNow();
    } else {
      eject(verdict == Verdict.EJECT_ANYWAY, outcome);
    }
  }

  private void eject(boolean nobodyListens, Outcome outcome) {
    boolean alone = owner.alone();
    long now = checks.loop().ticker().nanos();
    long healthyPeriods = Math.max(0, now - inSince) / BASE.toNanos();
    times = (int) Math.max(0, times - healthyPeriods);
    refused = nobodyListens;
    successes = 0;
    become(DetectorState.EJECTED, describe(outcome));
    if (owner.rise() == 0) {
      timer = checks.loop().schedule(alone ? ALONE : pause(times), this::probation);
    }
    times = Math.min(times + 1, STEPS);
    owner.probeNow();
  }

  private static Duration pause(int earlier) {
    Duration pause = BASE.multipliedBy(1L << earlier);
    return pause.compareTo(MOST) > 0 ? MOST : pause;
  }

  private void probation() {
    if (state == DetectorState.EJECTED) {
      detector.reset(true);
      letIn(DetectorState.SUSPECT, "back on probation");
    }
  }

  /** A probe of the backend has given a result that counts. */
  public void probed(boolean success) {
    checks.loop().assertInside();
    if (state != DetectorState.EJECTED) {
      return;
    }
    successes = success ? successes + 1 : 0;
    if (successes > 0 && (refused || successes >= owner.rise())) {
      detector.reset(false);
      letIn(DetectorState.OK, "probes succeed again");
    }
  }

  /** Traffic was answered well while the backend was under suspicion. */
  void trusted() {
    if (!stopped && state == DetectorState.SUSPECT) {
      become(DetectorState.OK, "traffic is answered");
    }
  }

  /** Forgets everything: the backend was out of service, or the way it is checked is another. */
  public void reset() {
    checks.loop().assertInside();
    timer.cancel();
    times = 0;
    detector.reset(false);
    if (state != DetectorState.OK) {
      letIn(DetectorState.OK, "starts afresh");
    }
  }

  /** The backend has left. */
  public void stop() {
    checks.loop().assertInside();
    stopped = true;
    timer.cancel();
  }

  private void letIn(DetectorState to, String reason) {
    timer.cancel();
    inSince = checks.loop().ticker().nanos();
    become(to, reason);
  }

  private void become(DetectorState to, String reason) {
    DetectorState from = state;
    state = to;
    backend.detected(to);
    owner.changed(from, to, reason);
  }

  private static String describe(Outcome outcome) {
    return switch (outcome) {
      case REFUSED -> "connections are refused";
      case UNREACHABLE -> "connections cannot be made";
      case RESET -> "connections break before an answer";
      case TIMEOUT -> "answers do not come in time";
      case GARBAGE -> "answers are not the protocol";
      default -> "answers are errors";
    };
  }
}
