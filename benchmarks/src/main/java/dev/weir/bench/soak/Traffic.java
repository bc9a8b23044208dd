package dev.weir.bench.soak;

import dev.weir.bench.audit.Ledger;
import dev.weir.bench.proc.Child;
import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/**
 * Threads that act, so many times a second in all. What each does next follows from the seed; when
 * it does it does not. A turn that comes more than a second late is not made up for.
 */
final class Traffic {
  private static final int THREADS = 40;
  private static final long POLL_MILLIS = 20;
  private static final long SECOND = 1_000_000_000L;

  private final int port;
  private final Ledger good;
  private final Ledger rude;
  private final Complaints complaints;
  private final long gap;
  private final Map<Act, Long> counts = new EnumMap<>(Act.class);
  private final List<Thread> threads = new ArrayList<>();
  private long due = System.nanoTime();
  private int running;
  private boolean paused;
  private boolean stopped;

  /**
   * Begins.
   *
   * @param rate acts a second
   */
  Traffic(int port, int rate, long seed, Ledger good, Ledger rude, Complaints complaints) {
    this.port = port;
    this.good = good;
    this.rude = rude;
    this.complaints = complaints;
    gap = SECOND / rate;
    SplittableRandom seeds = new SplittableRandom(seed);
    for (int i = 0; i < THREADS; i++) {
      SplittableRandom own = seeds.split();
      Thread thread = new Thread(() -> act(own), "soak-" + i);
      thread.setDaemon(true);
      threads.add(thread);
    }
    threads.forEach(Thread::start);
  }

  private void act(SplittableRandom random) {
    GoodActs goodActs = new GoodActs(port, good, random);
    RudeActs rudeActs = new RudeActs(port, rude, random, complaints);
    while (true) {
      Act act = draw(random);
      if (!begin(act)) {
        return;
      }
      try {
        if (act.good()) {
          goodActs.run(act);
        } else {
          rudeActs.run(act);
        }
      } catch (IOException | RuntimeException failure) {
        complaints.add(act.text() + ": " + failure);
      } finally {
        ended();
      }
    }
  }

  private static Act draw(SplittableRandom random) {
    int all = 0;
    for (Act act : Act.values()) {
      all += act.weight();
    }
    int left = random.nextInt(all);
    for (Act act : Act.values()) {
      left -= act.weight();
      if (left < 0) {
        return act;
      }
    }
    throw new AssertionError(left);
  }

  /** Waits for its turn; false when there is none any more. */
  private boolean begin(Act act) {
    long mine;
    synchronized (this) {
      long now = System.nanoTime();
      due = Math.max(due + gap, now - SECOND);
      mine = due;
    }
    long wait = (mine - System.nanoTime()) / 1_000_000;
    if (wait > 0) {
      Child.pause(wait);
    }
    while (!mayRun(act)) {
      if (over()) {
        return false;
      }
      Child.pause(POLL_MILLIS);
    }
    return true;
  }

  private synchronized boolean mayRun(Act act) {
    if (paused || stopped) {
      return false;
    }
    running++;
    counts.merge(act, 1L, Long::sum);
    return true;
  }

  private synchronized boolean over() {
    return stopped;
  }

  private synchronized void ended() {
    running--;
  }

  private synchronized boolean idle() {
    return running == 0;
  }

  private synchronized void paused(boolean now) {
    paused = now;
    due = System.nanoTime();
  }

  /** Nothing begins any more; waits for what runs, at most so long; whether nothing runs then. */
  boolean pause(long millis) {
    paused(true);
    long until = System.nanoTime() + millis * 1_000_000;
    while (!idle() && until - System.nanoTime() > 0) {
      Child.pause(POLL_MILLIS);
    }
    return idle();
  }

  /** Goes on after a pause. */
  void resume() {
    paused(false);
  }

  /** Ends; whether everything had ended in time. */
  boolean stop(long millis) {
    boolean quiet = pause(millis);
    synchronized (this) {
      stopped = true;
    }
    return quiet;
  }

  /** Acts begun so far. */
  synchronized Map<Act, Long> counts() {
    return new EnumMap<>(counts);
  }
}
