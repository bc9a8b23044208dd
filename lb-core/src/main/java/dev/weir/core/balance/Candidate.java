package dev.weir.core.balance;

import dev.weir.core.backend.Backend;

/**
 * A backend with the weight it has now.
 *
 * @param weight above 0; slow start and spill-over shares are already applied
 */
public record Candidate(Backend backend, int weight) {}
