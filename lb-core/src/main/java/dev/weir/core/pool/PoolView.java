package dev.weir.core.pool;

import dev.weir.core.backend.Backend;
import dev.weir.core.balance.Balancer;
import dev.weir.core.balance.Candidate;
import dev.weir.core.balance.PickContext;
import dev.weir.core.balance.Picker;
import dev.weir.core.config.BackendConfig;
import java.util.ArrayList;
import java.util.List;

/**
 * A pool at one moment; immutable. Made by the control loop, or by a worker for a change that is
 * being prepared; read by every attempt.
 *
 * @param members all, in the order of the configuration
 * @param backends theirs
 * @param groups pickers in order of preference: the first that gives a backend decides
 * @param candidates those that the pickers choose from
 */
record PoolView(
    PoolSpec spec,
    List<Member> members,
    List<Backend> backends,
    List<Picker> groups,
    List<Backend> candidates) {

  /** A view of these members, as eligible as they are now. */
  static PoolView of(PoolSpec spec, List<Member> members) {
    Balancer balancer = spec.balancer();
    List<Candidate> normal = new ArrayList<>();
    List<Candidate> backup = new ArrayList<>();
    List<Backend> backends = new ArrayList<>(members.size());
    for (Member member : members) {
      backends.add(member.backend());
      // Not the member's own, which a change that is only prepared has not reached yet.
      BackendConfig config = spec.config().backends().get(member.backend().name());
      boolean wanted = balancer.overAll() || member.backend().eligible();
      if (config.weight() > 0 && wanted) {
        Candidate candidate = new Candidate(member.backend(), config.weight());
        (config.backup() ? backup : normal).add(candidate);
      }
    }
    List<Picker> groups = new ArrayList<>(2);
    List<Backend> candidates = new ArrayList<>(normal.size() + backup.size());
    for (List<Candidate> group : List.of(normal, backup)) {
      if (!group.isEmpty()) {
        groups.add(balancer.picker(group));
        group.forEach(candidate -> candidates.add(candidate.backend()));
      }
    }
    return new PoolView(
        spec, List.copyOf(members), List.copyOf(backends), List.copyOf(groups), candidates);
  }

  /** Whether another configuration of the same members makes the same pickers. */
  boolean sharesAs(PoolSpec other) {
    return other.balancer() == spec.balancer()
        && members.stream()
            .map(member -> member.backend().name())
            .allMatch(
                name -> {
                  BackendConfig was = spec.config().backends().get(name);
                  BackendConfig is = other.config().backends().get(name);
                  return was.weight().equals(is.weight()) && was.backup().equals(is.backup());
                });
  }

  Backend pick(PickContext context) {
    for (int i = 0; i < groups.size(); i++) {
      Backend backend = groups.get(i).pick(context);
      if (backend != null) {
        return backend;
      }
    }
    return null;
  }

  /** Whether a picker could give anybody at all. */
  boolean hasEligible() {
    for (int i = 0; i < candidates.size(); i++) {
      if (candidates.get(i).eligible()) {
        return true;
      }
    }
    return false;
  }
}
