package dev.weir.core.balance;

/** Which candidate a hash belongs to; immutable. */
@FunctionalInterface
interface HashTable {
  /** The index of the candidate. */
  int owner(long hash);
}
