package dev.weir.core.limit;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class WaitQueueTest {
  private final List<String> turns = new ArrayList<>();
  private final List<Runnable> posted = new ArrayList<>();
  private final WaitQueue queue = new WaitQueue();
  private final WaitQueue.Slot one = queue.slot(posted::add);
  private final WaitQueue.Slot two = queue.slot(posted::add);

  private WaitQueue.Waiter waiter(String name, long since) {
    return new WaitQueue.Waiter() {
      @Override
      public long since() {
        return since;
      }

      @Override
      public void turn() {
        turns.add(name);
      }
    };
  }

  private void run() {
    List<Runnable> now = List.copyOf(posted);
    posted.clear();
    now.forEach(Runnable::run);
  }

  @Test
  void aFreedUnitWakesOneWaiterTheOldestOfAllLoops() {
    one.add(waiter("late", 20), false, 10);
    two.add(waiter("early", 10), false, 10);
    two.add(waiter("last", 30), false, 10);
    queue.freed();
    run();
    assertThat(turns).containsExactly("early");
    queue.freed();
    run();
    queue.freed();
    run();
    assertThat(turns).containsExactly("early", "late", "last");
    assertThat(queue.waiting()).isZero();
  }

  @Test
  void aTurnThatCameToNothingGoesToTheFront() {
    one.add(waiter("second", 20), false, 10);
    one.add(waiter("first", 10), true, 0);
    queue.freed();
    run();
    assertThat(turns).containsExactly("first");
  }

  @Test
  void noMoreWaitThanTheBoundAllows() {
    assertThat(one.add(waiter("a", 1), false, 2)).isTrue();
    assertThat(two.add(waiter("b", 2), false, 2)).isTrue();
    assertThat(one.add(waiter("c", 3), false, 2)).isFalse();
    assertThat(queue.waiting()).isEqualTo(2);
  }

  @Test
  void aUnitFreedForOneThatHasGivenUpGoesToTheNext() {
    WaitQueue.Waiter gone = waiter("gone", 1);
    one.add(gone, false, 10);
    two.add(waiter("next", 2), false, 10);
    queue.freed();
    assertThat(one.remove(gone)).isTrue();
    run();
    run();
    assertThat(turns).containsExactly("next");
  }

  @Test
  void freeingWithoutWaitersPostsNothing() {
    queue.freed();
    assertThat(posted).isEmpty();
  }
}
