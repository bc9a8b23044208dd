package dev.weir.core.net;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WheelTest {
  private static final long TICK = Wheel.TICK_NANOS;

  private long now = 7 * TICK + 3;
  private final Wheel wheel = new Wheel(() -> now);
  private final List<String> expired = new ArrayList<>();

  private final class Entry extends Deadline {
    private final String name;
    private Runnable then = () -> {};

    Entry(String name) {
      this.name = name;
    }

    @Override
    protected void expired() {
      expired.add(name);
      then.run();
    }
  }

  private void advance(long nanos) {
    for (long end = now + nanos; now < end; ) {
      now = Math.min(end, now + TICK);
      wheel.tick();
    }
  }

  @Test
  void nothingExpiresBeforeItsTimeAndEverythingWithinTwoTicksAfter() {
    Entry entry = new Entry("a");
    wheel.arm(entry, 10 * TICK);

    advance(10 * TICK - 1);
    assertThat(expired).isEmpty();
    advance(2 * TICK);
    assertThat(expired).containsExactly("a");
    assertThat(entry.armed()).isFalse();
    assertThat(wheel.armed()).isZero();
  }

  @Test
  void aDeadlineMovedFurtherAwayExpiresThen() {
    Entry entry = new Entry("a");
    wheel.arm(entry, 5 * TICK);
    wheel.arm(entry, 50 * TICK);

    advance(50 * TICK - 1);
    assertThat(expired).isEmpty();
    advance(2 * TICK);
    assertThat(expired).containsExactly("a");
  }

  @ParameterizedTest
  @ValueSource(longs = {2, 40, 1023, 1024, 1025, 5000})
  void aDeadlineMovedNearerExpiresThen(long before) {
    Entry entry = new Entry("a");
    wheel.arm(entry, before * TICK);
    wheel.arm(entry, TICK);

    advance(3 * TICK);
    assertThat(expired).containsExactly("a");
    advance(before * TICK + 2 * TICK);
    assertThat(expired).hasSize(1);
  }

  @Test
  void aDeadlineBeyondOneTurnOfTheWheelExpiresInItsTime() {
    Entry entry = new Entry("a");
    wheel.arm(entry, 5000 * TICK);

    advance(5000 * TICK - 1);
    assertThat(expired).isEmpty();
    advance(2 * TICK);
    assertThat(expired).containsExactly("a");
  }

  @Test
  void anExpiryMayArmItselfAgain() {
    Entry entry = new Entry("a");
    entry.then = () -> wheel.arm(entry, 1024 * TICK);
    wheel.arm(entry, TICK);

    advance(3 * TICK);
    assertThat(expired).hasSize(1);
    advance(1025 * TICK);
    assertThat(expired).hasSize(2);
    assertThat(wheel.armed()).isEqualTo(1);
  }

  @Test
  void anExpiryMayCallOffAnotherThatIsDueAtTheSameTime() {
    Entry one = new Entry("one");
    Entry two = new Entry("two");
    one.then = () -> wheel.disarm(two);
    two.then = () -> wheel.disarm(one);
    wheel.arm(one, TICK);
    wheel.arm(two, TICK);

    advance(5 * TICK);
    assertThat(expired).hasSize(1);
    assertThat(wheel.armed()).isZero();
  }

  @Test
  void afterALongPauseEverythingOverdueExpiresAtOnce() {
    for (int i = 0; i < 3000; i += 100) {
      wheel.arm(new Entry("e" + i), i * TICK);
    }
    now += 1_000_000 * TICK;

    wheel.tick();

    assertThat(expired).hasSize(30);
    assertThat(wheel.armed()).isZero();
  }

  @Test
  void anExpiryThatThrowsDoesNotStopTheOthers() {
    for (int i = 0; i < 3; i++) {
      Entry entry = new Entry("e" + i);
      entry.then =
          () -> {
            throw new IllegalStateException("meant to be seen in the log");
          };
      wheel.arm(entry, TICK);
    }

    advance(3 * TICK);

    assertThat(expired).containsExactlyInAnyOrder("e0", "e1", "e2");
    assertThat(wheel.armed()).isZero();
  }

  @Test
  void callingOffWhatIsNotArmedDoesNothing() {
    wheel.disarm(new Entry("a"));
    assertThat(wheel.armed()).isZero();
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
  void randomSchedulesBehaveAsTheModelSays(long seed) {
    Random random = new Random(seed);
    int count = 50;
    Entry[] entries = new Entry[count];
    long[] due = new long[count];
    Arrays.fill(due, Long.MAX_VALUE);
    for (int i = 0; i < count; i++) {
      int self = i;
      entries[i] = new Entry(String.valueOf(i));
      entries[i].then =
          () -> {
            if (due[self] > now) {
              expired.add("early");
            }
            due[self] = Long.MAX_VALUE;
            if (random.nextBoolean()) {
              change(random, entries, due);
            }
          };
    }
    for (int step = 0; step < 20_000; step++) {
      if (random.nextInt(3) > 0) {
        change(random, entries, due);
      }
      now += random.nextInt(50) == 0 ? random.nextLong(3000) * TICK : random.nextLong(2 * TICK);
      wheel.tick();
      for (int i = 0; i < count; i++) {
        assertThat(entries[i].armed()).isEqualTo(due[i] != Long.MAX_VALUE);
        assertThat(due[i]).as("overdue: %s", i).isGreaterThan(now - 2 * TICK);
      }
      assertThat(expired).doesNotContain("early");
      expired.clear();
    }
  }

  private void change(Random random, Entry[] entries, long[] due) {
    int i = random.nextInt(entries.length);
    if (random.nextInt(4) == 0) {
      wheel.disarm(entries[i]);
      due[i] = Long.MAX_VALUE;
    } else {
      long nanos = random.nextLong((random.nextBoolean() ? 20 : 3000) * TICK);
      wheel.arm(entries[i], nanos);
      due[i] = now + nanos;
    }
  }
}
