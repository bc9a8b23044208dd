package dev.weir.core.limit;

import java.util.ArrayDeque;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Requests that wait for capacity of one pool: a queue for each event loop, first come first
 * served. A freed unit wakes the loop whose head has waited longest, and one waiter there, so there
 * is no herd and the unfairness between loops is one request.
 */
public final class WaitQueue {
  private static final long EMPTY = Long.MAX_VALUE;

  private final List<Slot> slots = new CopyOnWriteArrayList<>();
  private final AtomicInteger waiting = new AtomicInteger();

  /** Something that waits. */
  public interface Waiter {
    /** Monotonic nanoseconds since when it waits. */
    long since();

    /** It is this one's turn: it is off the queue. Called on its event loop. */
    void turn();
  }

  /**
   * The queue of one event loop; called on that loop, or before it is in use. See there for who may
   * call what.
   */
  public Slot slot(Executor loop) {
    for (Slot slot : slots) {
      if (slot.loop == loop) {
        return slot;
      }
    }
    Slot slot = new Slot(loop);
    slots.add(slot);
    return slot;
  }

  /** How many wait, over all loops. Any thread. */
  public int waiting() {
    return waiting.get();
  }

  /** A unit of capacity was freed: wakes one waiter, if there is any. Any thread. */
  public void freed() {
    if (waiting.get() == 0) {
      return;
    }
    Slot oldest = null;
    long since = EMPTY;
    for (Slot slot : slots) {
      long head = slot.headSince;
      if (head != EMPTY && (oldest == null || head - since < 0)) {
        oldest = slot;
        since = head;
      }
    }
    if (oldest != null) {
      oldest.loop.execute(oldest::wake);
    }
  }

  /** The waiters of one event loop; except for the constructor, used on that loop only. */
  public final class Slot {
    private final Executor loop;
    private final ArrayDeque<Waiter> queue = new ArrayDeque<>();
    private volatile long headSince = EMPTY;

    Slot(Executor loop) {
      this.loop = loop;
    }

    /**
     * Queues up, or at the front again when its turn came to nothing. The caller looks for capacity
     * once more afterwards: a unit freed just before would not wake anybody.
     *
     * @param bound most waiters of the pool
     * @return false when the queue is full
     */
    public boolean add(Waiter waiter, boolean front, int bound) {
      if (waiting.incrementAndGet() > bound && !front) {
        waiting.decrementAndGet();
        return false;
      }
      if (front) {
        queue.addFirst(waiter);
      } else {
        queue.addLast(waiter);
      }
      publish();
      return true;
    }

    /** Gives up; false when it is not in the queue. */
    public boolean remove(Waiter waiter) {
      boolean removed = queue.remove(waiter);
      if (removed) {
        waiting.decrementAndGet();
        publish();
      }
      return removed;
    }

    private void wake() {
      Waiter next = queue.pollFirst();
      if (next != null) {
        waiting.decrementAndGet();
        publish();
        next.turn();
      } else if (waiting.get() > 0) {
        // The one that was to be woken has given up meanwhile: the unit is another's.
        freed();
      }
    }

    private void publish() {
      Waiter head = queue.peekFirst();
      headSince = head == null ? EMPTY : head.since();
    }
  }
}
