package dev.weir.core.net;

import dev.weir.core.control.Ticker;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The timers of one event loop: a hashed wheel (Varghese and Lauck, 1987) with intrusive entries.
 * Moving a deadline further away, which is what traffic does all the time, writes one field; the
 * entry is moved when the wheel comes past. Resolution is one {@link #TICK_NANOS tick}. Used on its
 * event loop only.
 */
public final class Wheel {
  /** Nanoseconds between two ticks: 50 ms. */
  public static final long TICK_NANOS = 50_000_000L;

  private static final Logger LOG = LoggerFactory.getLogger(Wheel.class);
  private static final int BUCKETS = 1024;
  private static final int DUE = BUCKETS;

  private final Deadline[] heads = new Deadline[BUCKETS + 1];
  private final Ticker ticker;
  private long ticked;
  private int armed;

  /** An empty wheel. */
  public Wheel(Ticker ticker) {
    this.ticker = ticker;
    ticked = ticker.nanos() / TICK_NANOS;
  }

  /** Now, in the wheel's time. */
  public long now() {
    return ticker.nanos();
  }

  /** Entries waiting. */
  public int armed() {
    return armed;
  }

  /** Sets or moves the deadline, {@code nanos} from now. */
  public void arm(Deadline entry, long nanos) {
    armAt(entry, ticker.nanos() + nanos);
  }

  /** Sets or moves the deadline to a moment of the wheel's time. */
  public void armAt(Deadline entry, long at) {
    if (entry.bucket != Deadline.UNARMED) {
      if (at - entry.at >= 0) {
        entry.at = at;
        return;
      }
      unlink(entry);
    }
    entry.at = at;
    link(entry);
  }

  /** Calls the deadline off; without effect if it is not armed. */
  public void disarm(Deadline entry) {
    if (entry.bucket != Deadline.UNARMED) {
      unlink(entry);
    }
  }

  /** Expires what is due. To be called about once a tick; catches up after a pause. */
  public void tick() {
    long now = ticker.nanos();
    long target = now / TICK_NANOS;
    if (target - ticked > BUCKETS) {
      ticked = target - BUCKETS;
    }
    while (ticked < target) {
      ticked++;
      sweep((int) (ticked & (BUCKETS - 1)), now);
    }
  }

  private void sweep(int bucket, long now) {
    // The bucket becomes the due list first, so that an expiry may arm into the bucket and disarm
    // entries that are still to come.
    heads[DUE] = heads[bucket];
    heads[bucket] = null;
    for (Deadline entry = heads[DUE]; entry != null; entry = entry.next) {
      entry.bucket = DUE;
    }
    for (Deadline entry = heads[DUE]; entry != null; entry = heads[DUE]) {
      unlink(entry);
      if (entry.at - now <= 0) {
        expire(entry);
      } else {
        link(entry);
      }
    }
  }

  // One broken entry may not stop the time of all others.
  private static void expire(Deadline entry) {
    try {
      entry.expired();
    } catch (RuntimeException | AssertionError defect) {
      LOG.error("a deadline failed", defect);
    }
  }

  private void link(Deadline entry) {
    long tick = Math.max(entry.at / TICK_NANOS + 1, ticked + 1);
    if (tick - ticked > BUCKETS) {
      tick = ticked + BUCKETS;
    }
    int bucket = (int) (tick & (BUCKETS - 1));
    entry.bucket = bucket;
    entry.previous = null;
    entry.next = heads[bucket];
    if (entry.next != null) {
      entry.next.previous = entry;
    }
    heads[bucket] = entry;
    armed++;
  }

  private void unlink(Deadline entry) {
    if (entry.previous != null) {
      entry.previous.next = entry.next;
    } else {
      heads[entry.bucket] = entry.next;
    }
    if (entry.next != null) {
      entry.next.previous = entry.previous;
    }
    entry.next = null;
    entry.previous = null;
    entry.bucket = Deadline.UNARMED;
    armed--;
  }
}
