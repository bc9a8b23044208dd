package dev.weir.http;

import dev.weir.core.limit.RetryBudget;
import dev.weir.core.limit.WaitQueue;

/**
 * What one event loop keeps for one pool. Used on that loop only.
 *
 * @param budget how many repetitions are left
 * @param queue those that wait for room
 */
record PoolLoop(RetryBudget budget, WaitQueue.Slot queue) {}
