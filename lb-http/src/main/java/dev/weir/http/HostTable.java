package dev.weir.http;

/** A fixed map from lower-case host names to values, looked up by a slice of any case. */
final class HostTable<V> {
  private final byte[][] keys;
  private final Object[] values;
  private final int mask;

  HostTable(java.util.Map<String, V> entries) {
    int capacity = Integer.highestOneBit(Math.max(4, entries.size() * 2)) * 2;
    keys = new byte[capacity][];
    values = new Object[capacity];
    mask = capacity - 1;
    entries.forEach(this::put);
  }

  private void put(String name, V value) {
    byte[] key = Chars.bytes(name);
    int slot = hash(key, 0, key.length) & mask;
    while (keys[slot] != null) {
      slot = (slot + 1) & mask;
    }
    keys[slot] = key;
    values[slot] = value;
  }

  /** The value of a name; null when there is none. */
  @SuppressWarnings("unchecked") // put takes nothing but V
  V get(byte[] bytes, int from, int to) {
    int slot = hash(bytes, from, to) & mask;
    for (byte[] key = keys[slot]; key != null; key = keys[slot]) {
      if (Chars.equalsLower(bytes, from, to, key)) {
        return (V) values[slot];
      }
      slot = (slot + 1) & mask;
    }
    return null;
  }

  private static int hash(byte[] bytes, int from, int to) {
    int hash = 0;
    for (int i = from; i < to; i++) {
      hash = hash * 31 + Chars.lower(bytes[i]);
    }
    return hash ^ hash >>> 15;
  }
}
