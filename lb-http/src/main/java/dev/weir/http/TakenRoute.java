package dev.weir.http;

import dev.weir.core.net.Deadline;
import dev.weir.core.net.Wheel;

/**
 * What a route that is not plain keeps for one request. Written by {@link Actions} when the
 * exchange begins, read while heads are written; belongs to the exchange.
 */
final class TakenRoute {
  private final Route route;
  private final Wheel wheel;
  private Deadline deadline;

  /** What the route's templates stand for; null when it has none. */
  Variables variables;

  TakenRoute(Route route, Wheel wheel) {
    this.route = route;
    this.wheel = wheel;
  }

  /** Edits of what the backend gets; null for none. */
  FieldEdits requestEdits() {
    return route.actions == null ? null : route.actions.requestEdits();
  }

  /** Edits of what the client gets; null for none. */
  FieldEdits responseEdits() {
    return route.actions == null ? null : route.actions.responseEdits();
  }

  /** Runs something when the whole exchange takes longer than the route allows, if it limits it. */
  void limit(long startNanos, Runnable overdue) {
    if (route.requestNanos() > 0) {
      deadline =
          new Deadline() {
            @Override
            protected void expired() {
              overdue.run();
            }
          };
      wheel.armAt(deadline, startNanos + route.requestNanos());
    }
  }

  /** The exchange has ended. */
  void unlimit() {
    if (deadline != null) {
      wheel.disarm(deadline);
    }
  }
}
