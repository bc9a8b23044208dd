package dev.weir.core.balance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.weir.core.backend.Backend;
import dev.weir.core.testing.Picking;
import dev.weir.core.testing.TestBackends;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SourceHashTest {
  private static final int KEYS = 50_000;
  private static final Picking ANY = Picking.by(new SplittableRandom(4));

  @Test
  void oneClientKeepsItsBackend() {
    Picker picker = picker(TestBackends.equal(10));
    Backend first = picker.pick(ANY.withHash(42));
    for (int i = 0; i < 100; i++) {
      assertThat(picker.pick(ANY.withHash(42))).isSameAs(first);
    }
  }

  @Test
  void theOrderOfTheListIsOfNoConsequence() {
    List<Candidate> candidates = TestBackends.equal(20);
    List<Candidate> shuffled = new ArrayList<>(candidates);
    Collections.shuffle(shuffled, new Random(5));
    assertThat(owners(picker(shuffled))).isEqualTo(owners(picker(candidates)));
  }

  @Test
  void keysAreSharedByWeight() {
    Map<String, Integer> counts = new HashMap<>();
    owners(picker(TestBackends.weighted(100, 100, 200, 600)))
        .forEach(name -> counts.merge(name, 1, Integer::sum));
    assertThat(counts.get("b0")).isCloseTo(KEYS / 10, within(KEYS / 100));
    assertThat(counts.get("b2")).isCloseTo(KEYS / 5, within(KEYS / 100));
    assertThat(counts.get("b3")).isCloseTo(KEYS * 6 / 10, within(KEYS / 100));
  }

  @ParameterizedTest
  @ValueSource(ints = {3, 10, 100, 1000})
  void removingOneBackendMovesHardlyMoreThanItsKeys(int backends) {
    List<Candidate> before = TestBackends.equal(backends);
    List<Candidate> after = new ArrayList<>(before);
    after.remove(backends / 2);
    List<String> was = owners(picker(before));
    List<String> is = owners(picker(after));
    int moved = 0;
    for (int i = 0; i < KEYS; i++) {
      moved += was.get(i).equals(is.get(i)) ? 0 : 1;
    }
    assertThat((double) moved / KEYS).isLessThan(1.0 / backends + 0.02);
  }

  @Test
  void whenABackendGoesDownOnlyItsKeysMoveAndEvenly() {
    List<Candidate> candidates = TestBackends.equal(5);
    Picker picker = picker(candidates);
    List<String> was = owners(picker);
    TestBackends.admit(candidates.get(2).backend(), false);
    List<String> meanwhile = owners(picker);
    Map<String, Integer> taken = new HashMap<>();
    for (int i = 0; i < KEYS; i++) {
      if (was.get(i).equals("b2")) {
        taken.merge(meanwhile.get(i), 1, Integer::sum);
      } else {
        assertThat(meanwhile.get(i)).isEqualTo(was.get(i));
      }
    }
    assertThat(taken).hasSize(4).doesNotContainKey("b2");
    int each = taken.values().stream().mapToInt(Integer::intValue).sum() / 4;
    assertThat(taken.values()).allSatisfy(n -> assertThat(n).isCloseTo(each, within(each / 5)));

    TestBackends.admit(candidates.get(2).backend(), true);
    assertThat(owners(picker)).isEqualTo(was);
  }

  @Test
  void aRetryAlwaysGoesToTheSameOther() {
    List<Candidate> candidates = TestBackends.equal(8);
    Picker picker = picker(candidates);
    Backend first = picker.pick(ANY.withHash(7));
    Backend second = picker.pick(ANY.withHash(7).after(first));
    assertThat(second).isNotSameAs(first);
    assertThat(picker.pick(ANY.withHash(7).after(first))).isSameAs(second);
  }

  @Test
  void withOneEligibleAmongManyEveryKeyFindsIt() {
    List<Candidate> candidates = TestBackends.equal(500);
    Picker picker = picker(candidates);
    candidates.stream().skip(1).forEach(c -> TestBackends.admit(c.backend(), false));
    for (long hash = 0; hash < 100; hash++) {
      assertThat(picker.pick(ANY.withHash(hash)).name()).isEqualTo("b0");
    }
    TestBackends.admit(candidates.get(0).backend(), false);
    assertThat(picker.pick(ANY)).isNull();
    assertThat(picker(List.of()).pick(ANY)).isNull();
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 655, 656, 1_311, 5_000, SourceHash.MOST_FOR_MAGLEV})
  void theTableIsPrimeAndAtLeastAHundredTimesTheBackends(int backends) {
    int places = Maglev.places(backends);
    assertThat(places).isGreaterThanOrEqualTo(65_537).isGreaterThanOrEqualTo(100 * backends);
    assertThat(BigInteger.valueOf(places).isProbablePrime(50)).isTrue();
  }

  @Test
  void aPoolBeyondTheBoundUsesARingThatIsStableAndRoughlyEven() {
    int backends = SourceHash.MOST_FOR_MAGLEV + 2;
    List<Candidate> before = TestBackends.equal(backends);
    List<Candidate> after = before.subList(0, backends - 1);
    List<String> was = owners(picker(before));
    List<String> is = owners(picker(after));
    int moved = 0;
    for (int i = 0; i < KEYS; i++) {
      moved += was.get(i).equals(is.get(i)) ? 0 : 1;
    }
    assertThat(moved).isLessThan(50);
    assertThat(was.stream().distinct().count()).isGreaterThan(15_000);
  }

  @Test
  void theRingSharesByWeight() {
    List<Candidate> candidates = TestBackends.weighted(100, 300, 400);
    HashTable ring = Ring.table(candidates);
    int[] counts = new int[3];
    for (int i = 0; i < KEYS; i++) {
      counts[ring.owner(Hashes.mix(i))]++;
    }
    assertThat(counts[0]).isLessThan(counts[1]);
    assertThat(counts[1]).isLessThan(counts[2]);
  }

  private static Picker picker(List<Candidate> candidates) {
    return new SourceHash().picker(candidates);
  }

  private static List<String> owners(Picker picker) {
    List<String> names = new ArrayList<>(KEYS);
    for (long key = 0; key < KEYS; key++) {
      names.add(picker.pick(ANY.withHash(key)).name());
    }
    return names;
  }
}
