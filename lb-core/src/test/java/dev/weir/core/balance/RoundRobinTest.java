package dev.weir.core.balance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.core.backend.Backend;
import dev.weir.core.testing.Picking;
import dev.weir.core.testing.TestBackends;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RoundRobinTest {
  private static final RandomGenerator RANDOM = new SplittableRandom(1);
  private static final Picking ANY = Picking.by(RANDOM);

  @Test
  void equalWeightsTakeStrictTurns() {
    Picker picker = new RoundRobin(0).picker(TestBackends.equal(3));
    List<String> first = names(picker, 3);
    assertThat(first).containsExactlyInAnyOrder("b0", "b1", "b2");
    assertThat(names(picker, 3)).isEqualTo(first);
  }

  @Test
  void everyCycleGivesExactlyTheWeights() {
    Picker picker = new RoundRobin(17).picker(TestBackends.weighted(500, 100, 200, 300));
    assertThat(count(picker, 11, ANY)).isEqualTo(Map.of("b0", 5, "b1", 1, "b2", 2, "b3", 3));
  }

  @Test
  void turnsOfAHeavyBackendAreSpreadOut() {
    Picker picker = new RoundRobin(0).picker(TestBackends.weighted(3, 1, 1, 1));
    String cycle = String.join(" ", names(picker, 12));
    assertThat(cycle).doesNotContain("b0 b0 b0");
  }

  @Test
  void theTurnContinuesWhenTheCandidatesChange() {
    RoundRobin balancer = new RoundRobin(0);
    List<Candidate> candidates = TestBackends.equal(4);
    List<String> turns = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      turns.addAll(names(balancer.picker(candidates), 1));
    }
    assertThat(turns.subList(0, 4)).doesNotHaveDuplicates();
    assertThat(turns.subList(4, 8)).isEqualTo(turns.subList(0, 4));
  }

  @Test
  void processesStartAtDifferentPlaces() {
    long starts =
        IntStream.range(0, 50)
            .mapToObj(i -> new RoundRobin(RANDOM.nextInt()).picker(TestBackends.equal(10)))
            .map(picker -> names(picker, 1).get(0))
            .distinct()
            .count();
    assertThat(starts).isGreaterThan(7);
  }

  @Test
  void aBackendThatIsOutDoesNotDoubleTheShareOfItsNeighbour() {
    List<Candidate> candidates = TestBackends.equal(5);
    Picker picker = new RoundRobin(0).picker(candidates);
    TestBackends.admit(candidates.get(2).backend(), false);
    Map<String, Integer> counts = count(picker, 4_000, ANY);
    assertThat(counts).doesNotContainKey("b2").hasSize(4);
    assertThat(counts.values()).allMatch(count -> count == 1_000);
  }

  @Test
  void aRetryGoesToAnotherBackend() {
    List<Candidate> candidates = TestBackends.equal(2);
    Picker picker = new RoundRobin(0).picker(candidates);
    Picking retry = ANY.after(candidates.get(0).backend());
    assertThat(count(picker, 10, retry)).isEqualTo(Map.of("b1", 10));
  }

  @Test
  void nothingIsChosenWhenNoneWillDo() {
    List<Candidate> candidates = TestBackends.equal(2);
    Picker picker = new RoundRobin(0).picker(candidates);
    candidates.forEach(candidate -> TestBackends.admit(candidate.backend(), false));
    assertThat(picker.pick(ANY)).isNull();
    assertThat(new RoundRobin(0).picker(List.of()).pick(ANY)).isNull();
  }

  @Test
  void theTicketMayWrapAround() {
    Picker picker = new RoundRobin(Integer.MAX_VALUE - 2).picker(TestBackends.equal(2));
    assertThat(count(picker, 10, ANY)).isEqualTo(Map.of("b0", 5, "b1", 5));
    Picker unsigned = new RoundRobin(-3).picker(TestBackends.equal(2));
    assertThat(count(unsigned, 6, ANY)).hasSize(2);
  }

  @Test
  void theOnlyEligibleOneOfManyIsFound() {
    List<Candidate> candidates = TestBackends.equal(1_000);
    Picker picker = new RoundRobin(0).picker(candidates);
    candidates.forEach(candidate -> TestBackends.admit(candidate.backend(), false));
    Backend only = candidates.get(777).backend();
    TestBackends.admit(only, true);
    assertThat(picker.pick(ANY)).isSameAs(only);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 7, 1000})
  void cyclesTooLongToWriteOutGiveTheWeightsAndSpreadTheTurns(int heavy) {
    int[] weights = IntStream.range(0, 20_000).map(i -> 1 + i % 3).toArray();
    weights[123] = heavy;
    Shares shares = new Shares(TestBackends.weighted(weights));
    Cycle cycle = Cycle.of(shares);
    assertThat(cycle).isInstanceOf(Cycle.Stride.class);
    int[] turns = new int[weights.length];
    int rounds = 20;
    int last = 0;
    int longestRun = 0;
    int run = 0;
    for (int ticket = 0; ticket < rounds * shares.total(); ticket++) {
      int turn = cycle.turn(ticket);
      turns[turn]++;
      run = turn == last ? run + 1 : 1;
      last = turn;
      longestRun = Math.max(longestRun, run);
    }
    for (int i = 0; i < weights.length; i++) {
      assertThat(turns[i])
          .as("turns of %d", i)
          .isBetween(rounds * weights[i] - 4, rounds * weights[i] + 4);
    }
    assertThat(longestRun).isLessThanOrEqualTo(2);
  }

  private static List<String> names(Picker picker, int picks) {
    return IntStream.range(0, picks)
        .mapToObj(i -> picker.pick(ANY).name())
        .collect(Collectors.toList());
  }

  static Map<String, Integer> count(Picker picker, int picks, PickContext context) {
    Map<String, Integer> counts = new HashMap<>();
    for (int i = 0; i < picks; i++) {
      counts.merge(picker.pick(context).name(), 1, Integer::sum);
    }
    return counts;
  }
}
