package dev.weir.core.pool;

import dev.weir.core.backend.Backend;
import java.util.List;

/** A change of a pool, worked out and ready to be applied; made on a worker by {@link Pool}. */
public final class PoolChange {
  private final Pool pool;
  private final PoolSpec spec;
  private final List<Member> members;
  private final List<Member> added;
  private final List<Member> removed;
  private final PoolView prepared;

  PoolChange(Pool pool, PoolSpec spec, Membership membership, PoolView prepared) {
    this.pool = pool;
    this.spec = spec;
    members = membership.members();
    added = membership.added();
    removed = membership.removed();
    this.prepared = prepared;
  }

  /** Who is in the pool afterwards. */
  record Membership(List<Member> members, List<Member> added, List<Member> removed) {}

  /** The pool it is for. */
  public Pool pool() {
    return pool;
  }

  /** Backends that leave. */
  public List<Backend> removed() {
    return removed.stream().map(Member::backend).toList();
  }

  /** Makes it so. Control loop; cannot fail. */
  public void apply() {
    pool.apply(this);
  }

  PoolSpec spec() {
    return spec;
  }

  List<Member> members() {
    return members;
  }

  List<Member> added() {
    return added;
  }

  List<Member> gone() {
    return removed;
  }

  /** The view, when it does not depend on who is eligible; else null. */
  PoolView prepared() {
    return prepared;
  }
}
