package dev.weir.core.health;

import dev.weir.core.backend.Outcome;

/**
 * What traffic has said against a backend since the last answer that was fine, packed into one long
 * so that it can be kept in an atomic: bits 0..31 the client of the first reset, 32..39 resets in a
 * row, 40..47 soft failures in a row, 48 resets came from two clients, 49 on probation. Zero:
 * nothing. Pure functions.
 */
final class Evidence {
  /** Back in after an ejection; the next outcome decides. */
  static final long PROBATION = 1L << 49;

  static final int RESETS = 3;
  static final int SOFT = 5;

  private static final long TWO_CLIENTS = 1L << 48;
  private static final int RESETS_AT = 32;
  private static final int SOFT_AT = 40;
  private static final long MOST = 0xFF;

  private Evidence() {}

  /** What a piece of evidence asks for. */
  enum Verdict {
    /** Nothing yet. */
    NONE,
    /** Ask the backend at once how it is. */
    SUSPECT,
    /** Take it out, unless it is the last one. */
    EJECT,
    /** Take it out: nobody listens there. */
    EJECT_ANYWAY
  }

  /** How an outcome counts. */
  enum Weight {
    /** The backend is fine. */
    FINE,
    /** Says nothing about the backend. */
    NOTHING,
    /** Nobody listens there. */
    REFUSED,
    /** The connection could not be made or broke before an answer. */
    BROKEN,
    /** A bad answer or none in time. */
    SOFT
  }

  static Weight weigh(Outcome outcome, boolean fresh) {
    return switch (outcome) {
      case OK -> Weight.FINE;
      case REFUSED -> Weight.REFUSED;
      case UNREACHABLE -> Weight.BROKEN;
      // A reused connection may just have been closed for being idle.
      case RESET -> fresh ? Weight.BROKEN : Weight.NOTHING;
      case GARBAGE, STATUS_GATEWAY, TIMEOUT -> Weight.SOFT;
      // A client can choose a request that is answered 500, or whose answer breaks off.
      case STATUS_500, STATUS_OVERLOAD, TRUNCATED, CLIENT_ABORT, LOCAL -> Weight.NOTHING;
    };
  }

  /** With one more piece; probation is over. */
  static long add(long evidence, Weight weight, int client) {
    long kept = evidence & ~PROBATION;
    return switch (weight) {
      case FINE -> 0;
      case NOTHING -> evidence;
      case REFUSED -> kept;
      case BROKEN -> addReset(kept, client);
      case SOFT -> softs(kept) < MOST ? kept + (1L << SOFT_AT) : kept;
    };
  }

  private static long addReset(long evidence, int client) {
    if (resets(evidence) == 0) {
      return (evidence & ~0xFFFFFFFFL) | Integer.toUnsignedLong(client) | (1L << RESETS_AT);
    }
    long counted = resets(evidence) < MOST ? evidence + (1L << RESETS_AT) : evidence;
    return (int) evidence == client ? counted : counted | TWO_CLIENTS;
  }

  /** What the step from one state to the next asks for. */
  static Verdict verdict(long before, long after, Weight weight) {
    if (weight == Weight.REFUSED) {
      return Verdict.EJECT_ANYWAY;
    }
    if (weight == Weight.FINE || weight == Weight.NOTHING) {
      return Verdict.NONE;
    }
    if ((before & PROBATION) != 0) {
      return Verdict.EJECT;
    }
    if (weight == Weight.BROKEN) {
      boolean nowTwo = (after & TWO_CLIENTS) != 0 && (before & TWO_CLIENTS) == 0;
      return nowTwo || resets(after) % RESETS == 0 ? Verdict.EJECT : Verdict.NONE;
    }
    return softs(after) == SOFT && softs(before) < SOFT ? Verdict.SUSPECT : Verdict.NONE;
  }

  static long resets(long evidence) {
    return (evidence >>> RESETS_AT) & MOST;
  }

  static long softs(long evidence) {
    return (evidence >>> SOFT_AT) & MOST;
  }
}
