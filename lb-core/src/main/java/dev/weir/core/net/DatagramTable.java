package dev.weir.core.net;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Arrays;

/**
 * The sessions of one port by client. Not a map of the JDK's: who chooses the addresses of clients
 * would choose where they stand in it. Used on one event loop.
 */
final class DatagramTable {
  private static final int SMALLEST = 64;

  private final long seed;
  private DatagramSession[] buckets = new DatagramSession[SMALLEST];
  private int size;

  /**
   * An empty table.
   *
   * @param seed hidden from clients
   */
  DatagramTable(long seed) {
    this.seed = seed;
  }

  /** A hash of address and port that nobody outside can foresee. */
  long key(InetSocketAddress client) {
    InetAddress address = client.getAddress();
    long port = client.getPort();
    if (address instanceof Inet4Address) {
      // The 32 bits themselves, by its documentation.
      return mix(mix(seed ^ (address.hashCode() & 0xffff_ffffL)) + port);
    }
    byte[] bytes = address.getAddress();
    return mix(mix(mix(~seed ^ word(bytes, 0)) + word(bytes, 8)) + port);
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

  /** The session of a client; null when there is none. */
  DatagramSession find(InetSocketAddress client) {
    long key = key(client);
    DatagramSession session = buckets[bucket(key, buckets.length)];
    while (session != null && !(session.key == key && session.client().equals(client))) {
      session = session.nextOfBucket;
    }
    return session;
  }

  /** Puts a session in, of whose client there is none. */
  void add(DatagramSession session) {
    if (size == buckets.length) {
      grow();
    }
    put(session, buckets);
    session.found = true;
    size++;
  }

  private void grow() {
    DatagramSession[] larger = new DatagramSession[buckets.length * 2];
    for (DatagramSession first : buckets) {
      DatagramSession session = first;
      while (session != null) {
        DatagramSession next = session.nextOfBucket;
        put(session, larger);
        session = next;
      }
    }
    buckets = larger;
  }

  private static void put(DatagramSession session, DatagramSession[] into) {
    int bucket = bucket(session.key, into.length);
    session.nextOfBucket = into[bucket];
    into[bucket] = session;
  }

  private static int bucket(long key, int buckets) {
    return (int) key & (buckets - 1);
  }

  /** Takes a session out; without effect when it is not in. */
  void remove(DatagramSession session) {
    if (!session.found) {
      return;
    }
    session.found = false;
    size--;
    int bucket = bucket(session.key, buckets.length);
    if (buckets[bucket] == session) {
      buckets[bucket] = session.nextOfBucket;
    } else {
      DatagramSession before = buckets[bucket];
      while (before.nextOfBucket != session) {
        before = before.nextOfBucket;
      }
      before.nextOfBucket = session.nextOfBucket;
    }
    session.nextOfBucket = null;
    if (size == 0 && buckets.length > SMALLEST) {
      buckets = Arrays.copyOf(buckets, SMALLEST);
    }
  }

  /** How many. */
  int size() {
    return size;
  }
}
