package dev.weir.tcp;

import dev.weir.core.limit.WaitQueue;
import dev.weir.core.net.LoopContext;
import dev.weir.core.pool.Pool;
import java.util.List;

/**
 * Where a route leads; immutable.
 *
 * @param slots where sessions wait for a backend with room, by event loop
 */
record TcpTarget(Pool pool, List<WaitQueue.Slot> slots) {
  /** Sessions of this loop that wait for a backend with room. */
  WaitQueue.Slot waiting(LoopContext loop) {
    return slots.get(loop.index());
  }
}
