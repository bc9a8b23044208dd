package dev.weir.core.balance;

import dev.weir.core.backend.Backend;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * In turn, in proportion to weight, and smooth: turns of one backend are spread over the cycle, not
 * bunched. All event loops draw tickets from one counter, which belongs to the balancer and so
 * continues when the candidates change; it starts where the process's chance says, so that many
 * processes do not all begin with the same backend.
 *
 * <p>A ticket that falls on a backend that will not do is used up and the next one drawn. Moving on
 * to the neighbour in the cycle instead would double the neighbour's share.
 */
public final class RoundRobin implements Balancer {
  private final AtomicInteger tickets;

  /** Starts at this ticket. */
  public RoundRobin(int start) {
    tickets = new AtomicInteger(start);
  }

  @Override
  public Picker picker(List<Candidate> candidates) {
    Shares shares = new Shares(candidates);
    return new Turns(tickets, shares, Cycle.of(shares));
  }

  private record Turns(AtomicInteger tickets, Shares shares, Cycle cycle) implements Picker {
    /** Tickets drawn before a backend is sought by chance. */
    private static final int DRAWS = 32;

    @Override
    public Backend pick(PickContext context) {
      if (shares.size() == 0) {
        return null;
      }
      for (int i = 0; i < DRAWS; i++) {
        Backend backend = shares.backend(cycle.turn(tickets.getAndIncrement()));
        if (Shares.usable(backend, context)) {
          return backend;
        }
      }
      int index = shares.drawUsable(context);
      return index < 0 ? null : shares.backend(index);
    }
  }
}
