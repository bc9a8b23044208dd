package dev.weir.core.net;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * Counts connections by client, in a table of fixed size without locks. An entry is one word: 48
 * bits that tell the client, and 16 that count; a client's entry stands somewhere in the {@value
 * #WINDOW} places behind the one that its address hashes to. Where all of them are taken by others
 * a client is not counted. Written by all event loops.
 */
final class ClientTable {
  /** What {@link #enter} returns when the client has as many as it may. */
  static final int REFUSED = -1;

  /** What {@link #enter} returns when there is no room to count it. */
  static final int UNCOUNTED = -2;

  /** The most that can be counted for one client. */
  static final int MOST = 0xffff;

  private static final int WINDOW = 64;
  private static final int COUNT_BITS = 16;
  private static final long HASH = ~0L << COUNT_BITS;

  private final AtomicLongArray entries;
  private final int mask;
  private final long seed;

  /**
   * An empty table.
   *
   * @param clients how many it shall have room for; it gets twice as many places and takes 8 bytes
   *     for each
   * @param seed hidden from clients, so that they cannot choose addresses that crowd one place
   */
  ClientTable(int clients, long seed) {
    int places = places(clients);
    entries = new AtomicLongArray(places);
    mask = places - 1;
    this.seed = seed;
  }

  /** Places of a table for so many clients: a power of two, 1,024 to 2,097,152. */
  static int places(int clients) {
    int wanted = Math.min(Math.max(clients, 512), 1 << 20);
    return Integer.highestOneBit(wanted * 2 - 1) << 1;
  }

  /** What tells clients apart: a hash of the first bits of the address. */
  long key(InetAddress address, int prefix4, int prefix6) {
    if (address instanceof Inet4Address) {
      // The 32 bits themselves, by its documentation.
      return mix(seed ^ (address.hashCode() & (0xffff_ffffL << (32 - prefix4)) & 0xffff_ffffL));
    }
    byte[] bytes = address.getAddress();
    long high = word(bytes, 0) & (~0L << (64 - Math.min(prefix6, 64)));
    long low = prefix6 <= 64 ? 0 : word(bytes, 8) & (~0L << (128 - prefix6));
    return mix(mix(~seed ^ high) + low);
  }

  private static long word(byte[] bytes, int from) {
    long word = 0;
    for (int i = 0; i < 8; i++) {
      word = (word << 8) | (bytes[from + i] & 0xff);
    }
    return word;
  }

  // The finalizer of MurmurHash3 (Appleby, public domain).
  private static long mix(long value) {
    long h = value;
    h = (h ^ (h >>> 33)) * 0xff51afd7ed558ccdL;
    h = (h ^ (h >>> 33)) * 0xc4ceb9fe1a85ec53L;
    return h ^ (h >>> 33);
  }

  /**
   * Counts one more connection of a client, unless it has as many as it may: never admits more, and
   * refuses too many only where two come at the same moment.
   *
   * @return where it was counted, for {@link #leave}; {@link #REFUSED} or {@link #UNCOUNTED}
   */
  int enter(long key, int most) {
    int sum = sum(key);
    if (sum >= most) {
      return REFUSED;
    }
    int place = add(key);
    if (place >= 0 && sum(key) > most) {
      leave(place);
      return REFUSED;
    }
    return place;
  }

  /** The connection that was counted there has closed. */
  void leave(int place) {
    long entry = entries.get(place);
    // The last one leaves nothing behind.
    while (!entries.compareAndSet(place, entry, (entry & MOST) == 1 ? 0 : entry - 1)) {
      entry = entries.get(place);
    }
  }

  /** Connections of a client counted now. */
  int sum(long key) {
    int sum = 0;
    for (int i = 0; i < WINDOW; i++) {
      long entry = entries.get(place(key, i));
      if (same(entry, key)) {
        sum += (int) (entry & MOST);
      }
    }
    return sum;
  }

  private int add(long key) {
    int free = UNCOUNTED;
    for (int i = 0; i < WINDOW; i++) {
      int place = place(key, i);
      long entry = entries.get(place);
      while (same(entry, key) && (entry & MOST) < MOST) {
        if (entries.compareAndSet(place, entry, entry + 1)) {
          return place;
        }
        entry = entries.get(place);
      }
      if (entry == 0 && free < 0) {
        free = place;
      }
    }
    if (free >= 0 && !entries.compareAndSet(free, 0, identity(key) | 1)) {
      // Somebody else was faster; there may be more.
      return add(key);
    }
    return free;
  }

  private int place(long key, int step) {
    return ((int) key + step) & mask;
  }

  private static boolean same(long entry, long key) {
    return entry != 0 && (entry & HASH) == identity(key);
  }

  private static long identity(long key) {
    return key & HASH;
  }

  /** Clients in the table; for tests. */
  int clients() {
    int taken = 0;
    for (int i = 0; i <= mask; i++) {
      taken += entries.get(i) != 0 ? 1 : 0;
    }
    return taken;
  }
}
