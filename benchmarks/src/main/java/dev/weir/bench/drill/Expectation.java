package dev.weir.bench.drill;

import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * What one writer knows of the backends it owns: the state after each acknowledged change, and the
 * states that changes without an answer may have left. Written and read by one thread at a time.
 */
final class Expectation {
  /** The state of a backend that does not exist. */
  static final String ABSENT = "absent";

  private final Map<String, Set<String>> possible = new TreeMap<>();
  private long acknowledged;
  private long unanswered;

  /** The state of a backend as far as it is certain: null when a change was not answered. */
  String certain(String backend) {
    Set<String> states = possible.getOrDefault(backend, Set.of(ABSENT));
    return states.size() == 1 ? states.iterator().next() : null;
  }

  /** A change is about to be sent: its outcome is open until it is answered. */
  void sending(String backend, String state) {
    possible.computeIfAbsent(backend, name -> new LinkedHashSet<>(Set.of(ABSENT))).add(state);
    unanswered++;
  }

  /** The change that was sent last is acknowledged: exactly this state from now on. */
  void acknowledged(String backend, String state) {
    possible.put(backend, new LinkedHashSet<>(Set.of(state)));
    unanswered--;
    acknowledged++;
  }

  /** The change that was sent last was refused: the state from before it stays. */
  void refused(String backend, String before) {
    possible.put(backend, new LinkedHashSet<>(Set.of(before)));
    unanswered--;
  }

  /**
   * Compares with what the balancer says after its restart; what it says is certain from then on.
   *
   * @param found state by backend; those that are not there are absent
   * @return a sentence for each backend that is in no state that was possible
   */
  Set<String> check(Map<String, String> found) {
    Set<String> wrong = new LinkedHashSet<>();
    for (Map.Entry<String, Set<String>> entry : possible.entrySet()) {
      String state = found.getOrDefault(entry.getKey(), ABSENT);
      if (!entry.getValue().contains(state)) {
        wrong.add(entry.getKey() + " is " + state + ", possible: " + entry.getValue());
      }
      entry.setValue(new LinkedHashSet<>(Set.of(state)));
    }
    return wrong;
  }

  /** Changes acknowledged so far. */
  long acknowledged() {
    return acknowledged;
  }

  /** Changes that were never answered. */
  long unanswered() {
    return unanswered;
  }
}
