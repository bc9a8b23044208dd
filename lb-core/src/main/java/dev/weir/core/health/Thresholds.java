package dev.weir.core.health;

import dev.weir.core.backend.Health;

/**
 * What the probes say so far, as a value: one result decides CHECKING, after that it takes {@code
 * fall} failures in a row to go out and {@code rise} successes in a row to come in.
 *
 * <pre>
 *   CHECKING  --success--> HEALTHY      CHECKING  --failure--> UNHEALTHY
 *   HEALTHY   --fall failures in a row--> UNHEALTHY
 *   UNHEALTHY --rise successes in a row--> HEALTHY
 * </pre>
 *
 * @param against results in a row that speak against the present health
 */
record Thresholds(Health health, int against) {
  static Thresholds at(Health health) {
    return new Thresholds(health, 0);
  }

  /** After one more result. */
  Thresholds next(boolean success, int rise, int fall) {
    return switch (health) {
      case CHECKING -> at(success ? Health.HEALTHY : Health.UNHEALTHY);
      case HEALTHY -> count(!success, fall, Health.UNHEALTHY);
      case UNHEALTHY -> count(success, rise, Health.HEALTHY);
    };
  }

  /** Whether a change has begun that the next results will confirm or not. */
  boolean inDoubt() {
    return against > 0;
  }

  private Thresholds count(boolean speaksAgainst, int needed, Health other) {
    if (!speaksAgainst) {
      return against == 0 ? this : at(health);
    }
    return against + 1 >= needed ? at(other) : new Thresholds(health, against + 1);
  }
}
