package dev.weir.core.pool;

import dev.weir.core.backend.Backend;
import dev.weir.core.balance.PickContext;
import dev.weir.core.config.AllDownConfig;
import dev.weir.core.config.BackendConfig;
import dev.weir.core.config.PoolConfig;
import dev.weir.core.control.ControlLoop.Cancellable;
import dev.weir.core.limit.WaitQueue;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;

/**
 * Named backends and how to choose among them. One object for as long as the pool's name exists;
 * what changes is its view, one volatile reference that each attempt reads once. Written by the
 * control loop only.
 */
public final class Pool {
  /** Least time between two views that only follow health and traffic. */
  private static final Duration BETWEEN_VIEWS = Duration.ofMillis(100);

  /** So many new backends are probed at once, more are spread. */
  private static final int FEW = 16;

  private final String name;
  private final PoolContext context;
  private final Consumer<Collection<Backend>> retired;
  private final boolean atStart;
  private final WaitQueue waiting = new WaitQueue();
  private volatile PoolView view;
  private volatile Pool standIn;

  private boolean someone;
  private boolean refreshedOnce;
  private long refreshedAt;
  private Cancellable pending;
  private boolean applying;
  private boolean stopped;

  /**
   * A pool that does not probe yet; its backends are eligible as far as can be known.
   *
   * @param retired told the backends towards which idle connections must be closed, because their
   *     address has changed; on the control loop
   * @param atStart whether the process is just starting, so that backends not probed yet are
   *     eligible
   */
  public Pool(
      String name,
      PoolSpec spec,
      PoolContext context,
      Consumer<Collection<Backend>> retired,
      boolean atStart) {
    this.name = name;
    this.context = context;
    this.retired = retired;
    this.atStart = atStart;
    List<Member> members = new ArrayList<>();
    boolean checked = spec.config().health() != null;
    spec.config()
        .backends()
        .forEach((key, value) -> members.add(new Member(this, key, value, checked, atStart)));
    view = PoolView.of(spec, members);
    someone = view.hasEligible();
    limit(members);
  }

  private void limit(List<Member> members) {
    PoolConfig.Limits limits = view.spec().config().limits();
    for (Member member : members) {
      member.backend().limited(limits.requests(), limits.connections(), waiting::freed);
    }
  }

  /** Its name. */
  public String name() {
    return name;
  }

  /** Those that wait for a backend with room. */
  public WaitQueue waiting() {
    return waiting;
  }

  /** The configuration in force. */
  public PoolConfig config() {
    return view.spec().config();
  }

  /** The configuration in force with what its names stand for. */
  public PoolSpec spec() {
    return view.spec();
  }

  /**
   * Chooses a backend for one attempt; null when none will do. Any event loop; allocates nothing.
   */
  public Backend pick(PickContext pick) {
    return view.pick(pick);
  }

  /** Whether anybody here may be chosen. Any thread; allocates nothing. */
  public boolean hasEligible() {
    return view.hasEligible();
  }

  /**
   * The pool that new work goes to: this one, or while nobody here is eligible the first in which
   * somebody is among those that stand in. Any thread; allocates nothing.
   */
  public Pool serving() {
    Pool at = this;
    for (int i = 0; at != null && i <= AllDownConfig.MOST_STANDING_IN; i++) {
      if (at.hasEligible()) {
        return at;
      }
      at = at.standIn;
    }
    return this;
  }

  /**
   * Whether listeners are to close their sockets: nobody is eligible here, nor in those that stand
   * in, and the last of them wants it so. Any thread.
   */
  public boolean closed() {
    Pool last = this;
    Pool at = this;
    for (int i = 0; at != null && i <= AllDownConfig.MOST_STANDING_IN; i++) {
      if (at.hasEligible()) {
        return false;
      }
      last = at;
      at = at.standIn;
    }
    return last.config().allDown().close();
  }

  /** Names the pool that stands in; null for none. Control loop, or before the pool is in use. */
  public void standIn(Pool other) {
    standIn = other;
  }

  /** All backends, eligible or not, in the order of the configuration. */
  public List<Backend> backends() {
    return view.backends();
  }

  /** What is known of every backend. Any thread. */
  public List<BackendStatus> status() {
    return view.members().stream().map(Member::status).toList();
  }

  /** Begins to resolve and to probe. Control loop. */
  public void start() {
    context.loop().assertInside();
    // When the process starts, all pools do.
    boolean spread = atStart || view.members().size() > FEW;
    view.members().forEach(member -> member.start(view.spec(), spread));
  }

  /**
   * Works out a change. Not on the control loop: tables may take a while. Changes must be prepared
   * and applied one after the other.
   */
  public PoolChange prepare(PoolSpec spec) {
    Map<String, Member> left = new HashMap<>();
    view.members().forEach(member -> left.put(member.backend().name(), member));
    List<Member> members = new ArrayList<>();
    List<Member> added = new ArrayList<>();
    boolean checked = spec.config().health() != null;
    for (Map.Entry<String, BackendConfig> entry : spec.config().backends().entrySet()) {
      Member old = left.get(entry.getKey());
      if (old != null && old.config().address().equals(entry.getValue().address())) {
        members.add(left.remove(entry.getKey()));
      } else {
        Member fresh = new Member(this, entry.getKey(), entry.getValue(), checked, false);
        members.add(fresh);
        added.add(fresh);
      }
    }
    var membership =
        new PoolChange.Membership(List.copyOf(members), added, List.copyOf(left.values()));
    PoolView prepared = spec.balancer().overAll() ? prepared(spec, membership.members()) : null;
    return new PoolChange(this, spec, membership, prepared);
  }

  /** A view over all members; with the tables there are when members and weights are the same. */
  private PoolView prepared(PoolSpec spec, List<Member> members) {
    PoolView now = view;
    return now.members().equals(members) && now.sharesAs(spec)
        ? new PoolView(spec, members, now.backends(), now.groups(), now.candidates())
        : PoolView.of(spec, members);
  }

  void apply(PoolChange change) {
    context.loop().assertInside();
    applying = true;
    configure(change.spec(), change.members());
    change.gone().forEach(Member::stop);
    applying = false;
    PoolView next = change.prepared();
    show(next != null ? next : PoolView.of(change.spec(), change.members()));
    boolean spread = change.added().size() > FEW;
    change.added().forEach(member -> member.start(change.spec(), spread));
  }

  private void configure(PoolSpec spec, List<Member> members) {
    boolean sameChecks =
        Objects.equals(spec.config().health(), view.spec().config().health())
            && spec.probe() == view.spec().probe();
    for (Member member : members) {
      BackendConfig config = spec.config().backends().get(member.backend().name());
      if (!sameChecks || !config.equals(member.config())) {
        member.configure(config, spec);
      }
    }
  }

  /** The pool has left: nothing is asked any more; what runs may still choose from its view. */
  public void stop() {
    context.loop().assertInside();
    stopped = true;
    if (pending != null) {
      pending.cancel();
    }
    view.members().forEach(Member::stop);
  }

  /** Somebody went in or out: at once, but not more often than ten times a second. */
  void refresh() {
    context.loop().assertInside();
    if (stopped || applying) {
      return;
    }
    boolean follows = !view.spec().balancer().overAll();
    if (!follows || (pending != null && view.hasEligible())) {
      look();
      return;
    }
    long since = context.loop().ticker().nanos() - refreshedAt;
    Duration wait = BETWEEN_VIEWS.minusNanos(since);
    if (!refreshedOnce || wait.isNegative() || wait.isZero() || !view.hasEligible()) {
      show(PoolView.of(view.spec(), view.members()));
    } else {
      pending = context.loop().schedule(wait, this::refreshLate);
    }
  }

  /** Tells when the last one has left, or the first one has come. */
  private void look() {
    boolean now = view.hasEligible();
    if (now != someone) {
      someone = now;
      context.turned().accept(this);
    }
  }

  private void refreshLate() {
    pending = null;
    show(PoolView.of(view.spec(), view.members()));
  }

  void show(PoolView next) {
    if (pending != null) {
      pending.cancel();
      pending = null;
    }
    boolean limits = !next.spec().config().limits().equals(view.spec().config().limits());
    boolean members = next.members() != view.members();
    view = next;
    refreshedOnce = true;
    refreshedAt = context.loop().ticker().nanos();
    if (limits || members) {
      limit(next.members());
    }
    // Room may have appeared; those that find none queue up again.
    for (int room = waiting.waiting(); room > 0; room--) {
      waiting.freed();
    }
    look();
  }

  /** Whether nobody would be left without this backend. */
  boolean alone(Backend backend) {
    for (Member member : view.members()) {
      if (member.backend() != backend
          && member.backend().eligible()
          && member.config().weight() > 0) {
        return false;
      }
    }
    return true;
  }

  void moved(Backend backend) {
    retired.accept(List.of(backend));
  }

  PoolContext context() {
    return context;
  }
}
