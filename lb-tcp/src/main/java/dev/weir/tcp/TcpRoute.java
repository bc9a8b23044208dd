package dev.weir.tcp;

import dev.weir.core.pool.Pool;
import java.util.function.Predicate;

/**
 * A route of a tcp listener; immutable.
 *
 * @param order its place among the routes of its listener
 * @param name for logs; null when it has none
 * @param beyondName what it asks beside the name of its place in {@link TcpRoutes}; null for
 *     nothing
 */
record TcpRoute(int order, String name, Predicate<Arrival> beyondName, Pool pool) {
  boolean takes(Arrival arrival) {
    return beyondName == null || beyondName.test(arrival);
  }
}
