package dev.weir.core.store;

/**
 * Something about the store that the operator should know. Made by a store, shown and counted by
 * whoever opened it.
 *
 * @param message a sentence
 */
public record StoreNotice(Kind kind, String message) {
  /** What happened. */
  public enum Kind {
    /** The last write had been cut off; it was never acknowledged. */
    TORN_TAIL,
    /** Stored changes were damaged: the newest good state is used, the rest set aside. */
    CONFIG_FALLBACK,
    /** The log could not be shortened; it goes on growing until that succeeds. */
    COMPACTION_FAILED,
    /** Nothing can be stored any more until a restart. */
    READ_ONLY
  }
}
