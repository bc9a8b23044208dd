package dev.weir.core.pool;

import dev.weir.core.balance.Balancer;
import dev.weir.core.config.PoolConfig;
import dev.weir.core.health.Probe;

/**
 * A checked configuration of a pool with what its names stand for.
 *
 * @param balancer makes the pickers of this pool; keep it while the algorithm stays, its turn
 *     continues then
 * @param probe null when the pool has no active checks
 */
public record PoolSpec(PoolConfig config, Balancer balancer, Probe probe) {}
