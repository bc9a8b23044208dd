package dev.weir.core.health;

import dev.weir.core.backend.Backend;
import dev.weir.core.backend.DetectorState;
import dev.weir.core.backend.Outcome;
import dev.weir.core.backend.OutcomeSink;
import dev.weir.core.health.Evidence.Verdict;
import dev.weir.core.health.Evidence.Weight;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Watches the real traffic of one backend. Evidence is taken on the event loops: an outcome that is
 * fine costs one read, a bad one an atomic, and nothing is allocated until a verdict is due. A
 * refused connection takes the backend out there and then; every other verdict is passed by {@link
 * Ejection} on the control loop, which alone knows whether another backend is left.
 */
public final class OutlierDetector implements OutcomeSink {
  private static final long STALL_MATTERS = Duration.ofSeconds(5).toNanos();

  private final AtomicLong evidence = new AtomicLong();
  private final Checks checks;
  private volatile Ejection ejection;

  /** Nothing against the backend; {@link #judge} has to be called before traffic comes. */
  public OutlierDetector(Checks checks) {
    this.checks = checks;
  }

  /** Who passes the verdicts. */
  public void judge(Ejection judge) {
    ejection = judge;
  }

  @Override
  public void ended(Backend backend, Outcome outcome, boolean fresh, int client) {
    Weight weight = Evidence.weigh(outcome, fresh);
    if (weight == Weight.NOTHING || (weight == Weight.FINE && evidence.get() == 0)) {
      return;
    }
    if (weight == Weight.FINE) {
      fine(backend);
    } else if (!ourFault(outcome)) {
      bad(backend, outcome, weight, client);
    }
  }

  private void fine(Backend backend) {
    evidence.set(0);
    if (backend.detector() == DetectorState.SUSPECT) {
      checks.loop().execute(ejection::trusted);
    }
  }

  /** Waiting in vain while this process stood still proves nothing. */
  private boolean ourFault(Outcome outcome) {
    return (outcome == Outcome.TIMEOUT || outcome == Outcome.UNREACHABLE)
        && checks.stalls().within(STALL_MATTERS);
  }

  private void bad(Backend backend, Outcome outcome, Weight weight, int client) {
    long before;
    long after;
    do {
      before = evidence.get();
      after = Evidence.add(before, weight, client);
    } while (before != after && !evidence.compareAndSet(before, after));
    Verdict verdict = Evidence.verdict(before, after, weight);
    if (verdict == Verdict.NONE || backend.detector() == DetectorState.EJECTED) {
      return;
    }
    if (verdict == Verdict.EJECT_ANYWAY) {
      backend.detected(DetectorState.EJECTED);
    }
    checks.loop().execute(() -> ejection.accused(verdict, outcome));
  }

  /** Control loop: forgets everything; {@code probation}: the next outcome decides. */
  void reset(boolean probation) {
    evidence.set(probation ? Evidence.PROBATION : 0);
  }
}
